/**
 * Runs replicas on TensorFlow's devices in this process. Models train through traced steps: one TensorFlow function for
 * each replica and step. Everything else runs replica by replica, each on its own device.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { ClusterTasks } from '../../cluster/cluster-tasks.js';
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { ReplicaFunctionCall, ReplicaGroup, ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { ReduceOp } from '../../distribute/reduce-op.js';
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { AnyFunction } from '../../distribute/traced-function.js';
import type { TracingEngine } from '../../layers/ports/tracing-engine.js';
import type { OpExecutor } from '../../tensorflow/op-executor.js';
import type { ClusterEngine, Engine } from '../engine.js';
import type { StepMaker } from './traced-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { currentBackend, registerBackend, session, useBackend } from '../../backend/install.js';
import { MirrorscopeBackend } from '../../backend/mirrorscope-backend.js';
import { describeTask } from '../../cluster/cluster-tasks.js';
import { guardExit } from '../../cluster/exit-guard.js';
import { joinCluster } from '../../cluster/join-cluster.js';
import { concatenate } from '../../distribute/gather-tensors.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { loadTfjs, type TensorFlowJs } from '../../tfjs/load-tfjs.js';
import { Profiler } from '../../trace/profiler.js';
import { RecordingExecutor } from '../../trace/recording-executor.js';
import { UntraceableError } from '../../trace/untraceable-error.js';
import { runInTurns } from '../turns/run-in-turns.js';

import { ClusterPeers } from './cluster-peers.js';
import { ClusterSteps } from './cluster-steps.js';
import { ReplicaDevices } from './replica-devices.js';
import { ReplicatedFunction } from './replicated-function.js';
import { StepOptions } from './step-options.js';
import { canTraceNow, makeTfFunction } from './tf-function.js';
import { tracedModelFunctions } from './traced-model-functions.js';

/** The engine `tensorflow`. Its constructor starts nothing; resolving devices starts TensorFlow. */
export class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';
  readonly profiler = new Profiler();
  readonly #replicaDevices = new ReplicaDevices(session);
  readonly #stepOptions = new StepOptions({
    tf: () => this.tf,
    session,
    replicaDevices: this.#replicaDevices,
    profiler: this.profiler,
    cluster: () => this.#cluster,
  });
  /** By topology: each strategy has its own. */
  readonly #clusterSteps = new WeakMap<ReplicaTopology, ClusterSteps>();
  #cluster: Cluster | undefined;
  readonly #executors = new Map<string, EagerExecutor>();
  readonly #functions = new WeakMap<DistributionStrategy, WeakMap<AnyFunction, ReplicatedFunction>>();

  /** Traces models and user functions. */
  readonly tracing: TracingEngine = this.tracingWith();

  readonly clusters: ClusterEngine = {
    join: (tasks, timeouts, devices) => {
      if (this.#cluster !== undefined) {
        requireSameCluster(this.#cluster, tasks);
        return this.#cluster;
      }
      this.#replicaDevices.prepare(devices);
      const cluster = joinCluster(session, tasks, timeouts);
      this.#cluster = cluster;
      cluster.onHealed(() => {
        this.#stepOptions.restartKeys((next) =>
          Math.max(...cluster.exchange(cluster.nextName('next key'), String(next)).map(Number)),
        );
      });
      guardExit(session.api, () => {
        this.#stepOptions.cancelSteps();
      });
      return cluster;
    },
    connect: ({ topology, crossDeviceOps, execution, cluster }, scopeVariables) => {
      if (cluster === undefined) return;
      const peers = new ClusterPeers(cluster, cluster.nextName('group'));
      const stepOptions = peers.explained('first collective', () =>
        this.#stepOptions.forGroup({ topology, crossDeviceOps }, execution, peers),
      );
      this.#clusterSteps.set(
        topology,
        new ClusterSteps({ tf: this.tf, topology, cluster, stepOptions, scopeVariables }),
      );
    },
  };

  /**
   * Traces models whose steps another engine runs.
   *
   * @param steps - Makes the steps. By default, TensorFlow runs them.
   * @returns How that engine traces.
   */
  tracingWith(steps?: StepMaker): TracingEngine {
    return {
      distributeModel: (model, strategy, eager) => {
        const parts = partsOf(strategy);
        const clusterSteps = this.#clusterSteps.get(parts.topology);
        if (parts.execution.runEagerly === true) return clusterSteps?.eagerFunctions(model, eager) ?? eager;
        return tracedModelFunctions(
          { model, strategy, clusterSteps, steps },
          eager,
          () => clusterSteps?.stepOptions ?? this.#stepOptions.forGroup(parts, parts.execution),
        );
      },
      isBackendCurrent: () => (this.tf.backend() as unknown) instanceof MirrorscopeBackend,
      tfFunction: (fn) => makeTfFunction({ runner: this, stepOptions: () => this.#stepOptions.forDefaultDevice() }, fn),
    };
  }

  get tf(): TensorFlowJs {
    return loadTfjs();
  }

  get isRecording(): boolean {
    const backend: unknown = this.tf.backend();
    return backend instanceof MirrorscopeBackend && backend.executor instanceof RecordingExecutor;
  }

  listDevices(): readonly Device[] {
    return this.#replicaDevices.list();
  }

  resolveDevices(request: DeviceRequest | undefined): readonly Device[] {
    registerBackend();
    const devices = this.#replicaDevices.resolve(request);
    useBackend();
    return devices;
  }

  runReplicas<Result>(task: ReplicaTask<Result>): Result[] {
    const backend = currentBackend(this.tf);
    const { executor } = backend;
    // A replica that had to wait runs again from its start. In a recording, it must then draw the same random numbers.
    if (executor instanceof RecordingExecutor) {
      if (task.topology.processCount > 1) throw new UntraceableError('run', 'has replicas in several processes');
      const recorded = executor.branchDraws();
      return runInTurns(this.tf, {
        ...task,
        body: (replicaId, channel) => recorded(replicaId, () => task.body(replicaId, channel)),
      });
    }
    const body: typeof task.body = (replicaId, channel) => {
      const outer = backend.executor;
      backend.executor = this.#executorOf(task.topology.deviceOf(replicaId), outer);
      try {
        return task.body(replicaId, channel);
      } finally {
        backend.executor = outer;
      }
    };
    const clusterSteps = this.#clusterSteps.get(task.topology);
    if (clusterSteps === undefined) return runInTurns(this.tf, { ...task, body });
    clusterSteps.agreeOnScope();
    return clusterSteps.withNewVariables(() => runInTurns(this.tf, { ...task, body }, clusterSteps));
  }

  reduce({ topology, crossDeviceOps }: ReplicaGroup, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    const clusterSteps = this.#clusterSteps.get(topology);
    if (clusterSteps !== undefined) return clusterSteps.reduce(operation, tensors);
    return crossDeviceOps.reduce(this.tf, operation, tensors);
  }

  gather({ topology }: ReplicaGroup, tensors: readonly Tensor[], axis: number): Tensor {
    const clusterSteps = this.#clusterSteps.get(topology);
    if (clusterSteps !== undefined) return clusterSteps.gather(tensors, axis);
    return concatenate(this.tf, tensors, axis);
  }

  runFunction(call: ReplicaFunctionCall): unknown[] | undefined {
    const { strategy, fn } = call;
    const parts = partsOf(strategy);
    if (parts.execution.runEagerly === true || !canTraceNow(this.tf)) return undefined;
    const clusterSteps = this.#clusterSteps.get(parts.topology);
    clusterSteps?.agreeOnScope();
    const ofStrategy = this.#functions.get(strategy) ?? new WeakMap<AnyFunction, ReplicatedFunction>();
    this.#functions.set(strategy, ofStrategy);
    const known =
      ofStrategy.get(fn) ??
      new ReplicatedFunction(
        strategy,
        fn,
        clusterSteps?.stepOptions ?? this.#stepOptions.forGroup(parts, parts.execution),
        clusterSteps,
      );
    ofStrategy.set(fn, known);
    return known.run(
      (replicaId) => call.argumentsOf(replicaId),
      () => call.eager(),
    );
  }

  /** Runs the ops of `body` eagerly on a device. */
  #executorOf(device: Device | undefined, current: OpExecutor): OpExecutor {
    // Other backends have no executor, and a recording must keep its own.
    if (device === undefined || !(current instanceof EagerExecutor)) return current;
    const known = this.#executors.get(device.name);
    if (known !== undefined) return known;
    const made = new EagerExecutor(session.context, { device: session.context.resolveDevice(device.name) });
    this.#executors.set(device.name, made);
    return made;
  }
}

function requireSameCluster(joined: Cluster, wanted: ClusterTasks): void {
  const words = ({ tasks, own }: ClusterTasks): string => `${tasks.map(describeTask).join()} ${String(own)}`;
  if (words(joined) === words(wanted)) return;
  throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'This process has joined another cluster.', {
    hint: 'All strategies of a process must have the same cluster.',
  });
}
