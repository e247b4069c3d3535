import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { WebGPURenderer } from 'three/webgpu';
import type { DeviceHandle, Network, RecordedBlock } from '../../src/index.js';
import { ColumnScene, neuronAt, useDisplayColors } from '../../src/scene/index.js';

/** How long a flash takes to decay in wall time, ms; no flashes if reduced motion is requested. */
const FLASH_ms = matchMedia('(prefers-reduced-motion: reduce)').matches ? null : 130;
/** Largest number of pixels per CSS pixel: a software adapter shades every pixel on the CPU. */
const MOST_PIXELS = { hardware: 2, software: 0.7 };

/** A network at time 0. */
interface Preview {
  readonly column: ColumnScene;
  readonly potentials: GPUBuffer;
}

/** The canvas: draws the network of the running simulation and lets the viewer move around and select neurons. */
export class Stage {
  private column: ColumnScene | null = null;
  private orbit: OrbitControls | null = null;
  /** The scene before the simulation was ready, until it has been replaced in the picture. */
  private preview: Preview | null = null;
  private isStale = true;
  private picked: number | null = null;

  private constructor(
    private readonly renderer: WebGPURenderer,
    private readonly canvas: HTMLCanvasElement,
    private readonly device: GPUDevice,
  ) {
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  /** Draws with the device of the simulation. */
  static async create(canvas: HTMLCanvasElement, handle: DeviceHandle): Promise<Stage> {
    const { device } = handle;
    const { isSoftware } = handle.adapter;
    const renderer = new WebGPURenderer({ canvas, device, antialias: !isSoftware });
    useDisplayColors(renderer);
    renderer.setPixelRatio(
      Math.min(devicePixelRatio, isSoftware ? MOST_PIXELS.software : MOST_PIXELS.hardware),
    );
    await renderer.init();
    return new Stage(renderer, canvas, device);
  }

  /**
   * Draws a network at time 0, while its simulation is still being prepared: the shaders of a scene are compiled at
   * its first picture. Settles when the GPU is done with it.
   */
  async showStart(network: Network, picked: number | null): Promise<void> {
    this.clear();
    const V_mV = Float32Array.from(network.start.V_mV);
    const potentials = this.device.createBuffer({
      label: 'potentials at the start',
      size: V_mV.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    this.device.queue.writeBuffer(potentials, 0, V_mV);
    const column = new ColumnScene(this.renderer, network, potentials);
    this.preview = { column, potentials };
    this.take(column);
    this.pick(picked);
    await this.draw(0, 0);
  }

  /** Shows the running simulation of the same network, from the same viewpoint; again where its state is in another buffer. */
  show(network: Network, stateBuffer: GPUBuffer): void {
    const before = this.column;
    const column = new ColumnScene(this.renderer, network, stateBuffer);
    if (before) column.takeViewOf(before);
    this.take(column);
    this.pick(this.picked);
    if (before !== this.preview?.column) before?.dispose();
  }

  private take(column: ColumnScene): void {
    this.orbit?.dispose();
    const orbit = new OrbitControls(column.camera, this.canvas);
    orbit.enableDamping = false;
    orbit.addEventListener('change', () => this.redraw());
    this.orbit = orbit;
    this.column = column;
    this.resize();
  }

  /** Stops drawing, before the simulation frees its buffers. */
  clear(): void {
    this.orbit?.dispose();
    if (this.column !== this.preview?.column) this.column?.dispose();
    this.endPreview();
    this.orbit = null;
    this.column = null;
  }

  showSpikes(block: RecordedBlock, dtMs: number): void {
    this.column?.showSpikes(block, dtMs);
    this.redraw();
  }

  pick(neuron: number | null): void {
    this.picked = neuron;
    this.column?.pick(neuron);
    this.redraw();
  }

  /** The neuron under a point of the page; null without one. */
  neuronAt(clientX: number, clientY: number): number | null {
    if (!this.column) return null;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { camera, network } = this.column;
    return neuronAt(network.positions_um, camera, { width, height }, clientX - left, clientY - top);
  }

  /** Asks for a new picture at the next frame. */
  redraw(): void {
    this.isStale = true;
  }

  /** Draws where something has changed; the promise settles when the GPU is done with the picture. */
  draw(timeMs: number, realTimeFactor: number): Promise<unknown> | null {
    if (!this.column || !this.isStale) return null;
    this.isStale = false;
    this.column.setTime(timeMs, realTimeFactor, FLASH_ms);
    this.renderer.render(this.column.scene, this.column.camera);
    // Only now: what both scenes have compiled is kept.
    if (this.column !== this.preview?.column) this.endPreview();
    return this.device.queue.onSubmittedWorkDone();
  }

  /** The picture as a PNG. */
  async png(timeMs: number, realTimeFactor: number): Promise<Blob> {
    this.redraw();
    // A canvas keeps its picture only until the task that drew it ends.
    void this.draw(timeMs, realTimeFactor);
    const blob = await new Promise<Blob | null>((resolve) => this.canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('the browser made no PNG of the canvas');
    return blob;
  }

  private endPreview(): void {
    this.preview?.column.dispose();
    this.preview?.potentials.destroy();
    this.preview = null;
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.column?.setAspect(clientWidth / clientHeight);
    this.redraw();
  }
}
