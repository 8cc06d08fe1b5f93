/** What a user has to do after the migration to a strategy over several processes. Data only. */
export const MULTI_WORKER_STEPS: readonly string[] = [
  'Every process runs this program, with TF_CONFIG set; `npx mirrorscope launch --workers 2` does so on one machine. ' +
    'TensorFlow does not authenticate the processes: fence their network, then add allowUnauthenticatedPeers: true to the options of the MultiWorkerMirroredStrategy.',
];
