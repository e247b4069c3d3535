import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { WebGPURenderer } from 'three/webgpu';
import type { DeviceHandle, Network, RecordedBlock } from '../../src/index.js';
import { ColumnScene, neuronAt, useDisplayColors } from '../../src/scene/index.js';

/** How long a flash takes to decay before the viewer's eyes, ms; longer where less motion is wanted. */
const FLASH_ms = matchMedia('(prefers-reduced-motion: reduce)').matches ? 600 : 130;
/** Pixels a CSS pixel, at most: a software adapter shades every pixel on the CPU. */
const MOST_PIXELS = { hardware: 2, software: 0.7 };

/** The canvas: draws the network of the running simulation and lets the viewer move around and pick in it. */
export class Stage {
  private column: ColumnScene | null = null;
  private orbit: OrbitControls | null = null;
  private isStale = true;

  private constructor(
    private readonly renderer: WebGPURenderer,
    private readonly canvas: HTMLCanvasElement,
  ) {
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  /** Draws with the device of the simulation. */
  static async create(canvas: HTMLCanvasElement, handle: DeviceHandle): Promise<Stage> {
    const { device, isSoftware } = handle;
    const renderer = new WebGPURenderer({ canvas, device, antialias: !isSoftware });
    useDisplayColors(renderer);
    renderer.setPixelRatio(
      Math.min(devicePixelRatio, isSoftware ? MOST_PIXELS.software : MOST_PIXELS.hardware),
    );
    await renderer.init();
    return new Stage(renderer, canvas);
  }

  /** Shows another network, from a viewpoint that takes it in. */
  async show(network: Network, stateBuffer: GPUBuffer): Promise<void> {
    this.clear();
    const column = new ColumnScene(this.renderer, network, stateBuffer);
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
    this.column?.dispose();
    this.orbit = null;
    this.column = null;
  }

  showSpikes(block: RecordedBlock, dtMs: number): void {
    this.column?.showSpikes(block, dtMs);
    this.redraw();
  }

  pick(neuron: number | null): void {
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

  /** Draws where something has changed; says whether it did. */
  draw(timeMs: number, realTimeFactor: number): boolean {
    if (!this.column || !this.isStale) return false;
    this.isStale = false;
    this.column.setTime(timeMs, realTimeFactor, FLASH_ms);
    this.renderer.render(this.column.scene, this.column.camera);
    return true;
  }

  /** The picture as a PNG. */
  async png(timeMs: number, realTimeFactor: number): Promise<Blob> {
    this.redraw();
    // A canvas keeps its picture only until the task that drew it ends.
    this.draw(timeMs, realTimeFactor);
    const blob = await new Promise<Blob | null>((resolve) => this.canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('the browser made no PNG of the canvas');
    return blob;
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.column?.setAspect(clientWidth / clientHeight);
    this.redraw();
  }
}
