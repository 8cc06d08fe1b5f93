/** Opens the installed TensorFlow for a test, or says that there is none. */
import { openCApi } from '../../../src/runtime/tensorflow/c-api.js';
import { TensorFlowContext } from '../../../src/runtime/tensorflow/context.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';

/** A context with `cpuDevices` logical CPUs; undefined where no library is installed. */
export function openTestContext(cpuDevices: number): TensorFlowContext | undefined {
  const { files } = locateTensorFlow();
  return files === undefined ? undefined : new TensorFlowContext(openCApi(files), { cpuDevices });
}
