import { VISIBLE_TO_COMPUTE } from '../device/gpu_constants.js';
import { type BuffersOf, bindingAccess, inBindingOrder, type KernelName } from './bindings.js';

/** The layouts of a kernel's bind groups; equal layouts are interchangeable. */
export const bindGroupLayouts = (device: GPUDevice, kernel: KernelName): GPUBindGroupLayout[] =>
  bindingAccess(kernel).map((accesses, group) =>
    device.createBindGroupLayout({
      label: `${kernel}, group ${group}`,
      entries: accesses.map((type, binding) => ({
        binding,
        visibility: VISIBLE_TO_COMPUTE,
        buffer: { type },
      })),
    }),
  );

/** A kernel's bind group 0. */
export const bindGroup = <K extends KernelName>(
  device: GPUDevice,
  kernel: K,
  buffers: BuffersOf<K>,
): GPUBindGroup =>
  device.createBindGroup({
    label: kernel,
    layout: bindGroupLayouts(device, kernel)[0],
    entries: inBindingOrder(kernel, buffers).map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
