import type { ToolContext } from "../tool.ts";

/** Something to read, besides tools. */
export interface Resource {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
  read(context: ToolContext): Promise<string>;
}

/** One of a template's. */
export interface ListedResource {
  uri: string;
  name: string;
  description: string;
}

/** Resources of a form: `{schema}` and `{name}` stand for what the URI has there. */
export interface Template {
  uriTemplate: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
  /** Those that this analyst may read. */
  list(context: ToolContext): Promise<ListedResource[]>;
  /** @throws ToolRefusal for what is none, or is not theirs */
  read(variables: { schema: string; name: string }, context: ToolContext): Promise<string>;
}
