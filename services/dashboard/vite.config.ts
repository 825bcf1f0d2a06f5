import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Control serves `dist` below this path.
export default defineConfig({ base: "/_paddock/", plugins: [react()] });
