import { resolve } from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where a gateway answers, and the token of whoever sits before these pages: a page never sees it. */
const GATEWAY = process.env.PALYRA_GATEWAY ?? "http://127.0.0.1:7420";
const TOKEN = process.env.PALYRA_TOKEN ?? "";

/** Lets a page know that the gateway is gone: the proxy alone would leave a stream open for ever. */
function endWithGateway(proxy) {
  proxy.on("proxyRes", (answer, _request, response) => answer.on("error", () => response.destroy()));
}

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    rollupOptions: {
      input: ["react.html", "lit.html"].map((page) => resolve(import.meta.dirname, page)),
    },
  },
  preview: {
    proxy: {
      "/api": {
        target: GATEWAY,
        changeOrigin: true,
        headers: { authorization: `Bearer ${TOKEN}` },
        configure: endWithGateway,
      },
    },
  },
});
