/** The answers about addresses, and the data of the thread that asks. Data only. */

/** What an attempt to reach an address, or to open a port, gave. */
export enum ProbeResult {
  /** No answer yet. */
  Unknown = 0,
  Reachable = 1,
  Refused = 2,
  Silent = 3,
  UnknownName = 4,
  PortFree = 5,
  PortTaken = 6,
  PortForbidden = 7,
}

/** The answers by their numbers. */
export const PROBE_RESULTS: readonly ProbeResult[] = [
  ProbeResult.Unknown,
  ProbeResult.Reachable,
  ProbeResult.Refused,
  ProbeResult.Silent,
  ProbeResult.UnknownName,
  ProbeResult.PortFree,
  ProbeResult.PortTaken,
  ProbeResult.PortForbidden,
];

/** The answers in words: the end of a sentence about the address. */
export const PROBE_WORDS: Readonly<Record<ProbeResult, string>> = {
  [ProbeResult.Unknown]: 'it did not answer',
  [ProbeResult.Reachable]: 'it can be reached, but has not joined',
  [ProbeResult.Refused]: 'nothing listens at its address: it has not started, or has ended',
  [ProbeResult.Silent]: 'its address does not answer: a firewall may be in the way',
  [ProbeResult.UnknownName]: 'its name cannot be resolved on this machine',
  [ProbeResult.PortFree]: 'the port is free',
  [ProbeResult.PortTaken]: 'another program uses the port',
  [ProbeResult.PortForbidden]: 'this user may not open the port',
};

/** The data that the thread starts with. */
export interface ProbeData {
  /** `host:port` */
  readonly addresses: readonly string[];
  /** The address whose port to open on this machine. */
  readonly ownPort: string | undefined;
  /** A word that becomes 1 at the end, then one for each address, then one for the port. */
  readonly results: SharedArrayBuffer;
}
