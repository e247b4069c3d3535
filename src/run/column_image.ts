import { createCanvas } from '@napi-rs/canvas';
import type { RecordedBlock } from '../engine/engine.js';
import type { DeviceHandle } from '../engine/webgpu/device/device.js';
import { createWebGpuEngine, type WebGpuEngine } from '../engine/webgpu/webgpu_engine.js';
import type { Circuit } from '../model/circuit.js';
import { assembleNetwork } from '../network/assemble.js';

export interface ColumnImageOptions {
  /** Simulated time of the picture, ms. */
  readonly timeMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Network-wide number of the neuron whose projections are drawn; null for none. */
  readonly neuron: number | null;
}

/** Decay of a flash in the picture, ms of simulated time. */
const FLASH_ms = 6;

/**
 * The network in 3D as the page shows it, as a PNG: the circuit is simulated to `timeMs` on the device and drawn from
 * the engine's state buffer. Node only. Rejects as the engine does.
 */
export async function columnImage(
  circuit: Circuit,
  handle: DeviceHandle,
  options: ColumnImageOptions,
): Promise<Buffer> {
  const { timeMs, widthPx, heightPx, neuron } = options;
  prepareGlobals();
  const { ColumnScene, useDisplayColors } = await import('../scene/index.js');
  const { LinearSRGBColorSpace, RenderTarget, WebGPURenderer } = await import('three/webgpu');
  const renderer = new WebGPURenderer({
    canvas: canvasOf(widthPx, heightPx) as unknown as HTMLCanvasElement,
    device: handle.device,
  });
  useDisplayColors(renderer);
  await renderer.init();
  const network = assembleNetwork(circuit);
  const engine: WebGpuEngine = await createWebGpuEngine(network, handle);
  const column = new ColumnScene(renderer, network, engine.stateBuffer);
  const target = new RenderTarget(widthPx, heightPx, { samples: 4, colorSpace: LinearSRGBColorSpace });
  try {
    const { dt_ms: dtMs } = circuit.simulation;
    await engine.advance(Math.round(timeMs / dtMs), {
      onBlock: (block: RecordedBlock) => column.showSpikes(block, dtMs),
    });
    column.setAspect(widthPx / heightPx);
    column.pick(neuron);
    column.setTime(timeMs, 1, FLASH_ms);
    renderer.setRenderTarget(target);
    renderer.render(column.scene, column.camera);
    const pixels = await renderer.readRenderTargetPixelsAsync(target, 0, 0, widthPx, heightPx);
    return pngOf(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), widthPx, heightPx);
  } finally {
    column.dispose();
    engine.destroy();
    target.dispose();
    renderer.dispose();
  }
}

/** What three.js expects of a browser while it is loaded and draws. */
function prepareGlobals(): void {
  const globals = globalThis as Record<string, unknown>;
  globals.self ??= globalThis;
  globals.requestAnimationFrame ??= (callback: (now: number) => void) =>
    setTimeout(() => callback(performance.now()), 16);
  globals.cancelAnimationFrame ??= clearTimeout;
}

/** A canvas that is never drawn to: pictures go to a render target. */
function canvasOf(width: number, height: number) {
  return {
    width,
    height,
    style: {},
    addEventListener() {},
    removeEventListener() {},
    getContext: () => ({ configure() {}, unconfigure() {} }),
  };
}

/** Rows of the readback are filled up to a multiple of 256 bytes. */
function pngOf(pixels: Uint8Array, width: number, height: number): Buffer {
  const rowBytes = Math.ceil((4 * width) / 256) * 256;
  const stride = pixels.length >= rowBytes * (height - 1) + 4 * width ? rowBytes : 4 * width;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y++)
    image.data.set(pixels.subarray(y * stride, y * stride + 4 * width), 4 * width * y);
  context.putImageData(image, 0, 0);
  return canvas.toBuffer('image/png');
}
