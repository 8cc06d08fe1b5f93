/**
 * Where the packages of Python keep PJRT plugins, below `site-packages`: accelerators first. Data only. A part `*`
 * stands for any name, since names contain the version of CUDA or ROCm.
 */

/** The place of one kind of plugin. */
export interface PluginPlace {
  readonly path: string;
  readonly accelerator: string;
}

export const PLUGIN_PLACES: readonly PluginPlace[] = [
  { path: 'libtpu/libtpu.so', accelerator: 'TPU' },
  { path: 'jax_plugins/*/xla_cuda_plugin.so', accelerator: 'NVIDIA GPU' },
  { path: 'jax_plugins/*/xla_rocm_plugin.so', accelerator: 'AMD GPU' },
  { path: 'jax_plugins/*/pjrt_plugin_xpu.so', accelerator: 'Intel GPU' },
  { path: 'jax_plugins/*/pjrt_plugin_metal_14.dylib', accelerator: 'Apple GPU' },
  { path: 'lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so', accelerator: 'CPU' },
];
