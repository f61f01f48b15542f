import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // Fonts stay files: the content security policy allows no data: fonts.
  // One file is right for pages that are read from the disk.
  build: { chunkSizeWarningLimit: 1000, target: "safari17", assetsInlineLimit: 0, sourcemap: false, modulePreload: { polyfill: false } },
  server: { strictPort: true },
  test: { environment: "jsdom", include: ["test/**/*.test.ts"], setupFiles: ["test/setup.ts"] },
});
