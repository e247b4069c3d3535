import { defineConfig } from 'vite';

/** The page: served by `npm run demo`, built into demo-dist/ for any web host, at any path. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // OrbitControls imports "three": one copy of three, the one with WebGPU.
  resolve: { alias: [{ find: /^three$/, replacement: 'three/webgpu' }] },
  worker: { format: 'es' },
  build: { outDir: '../demo-dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2500 },
});
