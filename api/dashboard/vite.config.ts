// Bundles the dashboard into built/, which the API serves; names carry hashes, nothing is inlined.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});
