import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where a gateway answers while the console is worked on with `npm run dev`. */
const GATEWAY = process.env["PALYRA_GATEWAY"] ?? "http://127.0.0.1:7420";

/** The gateway compares host and origin, so the name that the browser used goes along. */
const PROXY = { "/api": { target: GATEWAY, changeOrigin: false } };

export default defineConfig({
  plugins: [react()],
  // Deep links such as /deliveries/12:greet must find the assets too.
  base: "/",
  resolve: { alias: { "#": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "static",
    emptyOutDir: true,
    // The policy of the gateway allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    target: "es2023",
  },
  server: { proxy: PROXY },
  preview: { proxy: PROXY },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
  },
});
