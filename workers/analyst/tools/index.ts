import type { Tool } from "../tool.ts";
export const tools: Tool[] = [];
