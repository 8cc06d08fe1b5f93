/** The TensorFlow backend for tfjs: its registration, its devices, and its description for `mirrorscope doctor`. */
export { type LogicalDeviceConfiguration } from '../tensorflow/context-configuration.js';
export { describeTensorFlow, type TensorFlowDescription } from '../tensorflow/describe.js';
export {
  DeviceConfiguration,
  type DeviceType,
  type LogicalDevice,
  type PhysicalDevice,
  ThreadingConfiguration,
} from './device-configuration.js';
export { config, registerBackend, session, useBackend, withDevice } from './install.js';
export { BACKEND_NAME, MirrorscopeBackend } from './mirrorscope-backend.js';
