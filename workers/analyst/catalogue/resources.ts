import { shapeOf } from "./describe.ts";
import { entries } from "./examples.ts";
import { indexPage, objectPage, termsPage } from "./markdown.ts";
import { findObject, listObjects, nameOf } from "./objects.ts";
import type { Resource, Template } from "./resource.ts";
import { TERMS } from "./terms.ts";
import { vocabulary } from "./vocabulary.ts";

const MARKDOWN = "text/markdown";

/** What there is to read at a fixed place. */
export const resources: readonly Resource[] = [
  {
    uri: "catalogue://index",
    name: "catalogue",
    title: "What there is to read",
    description: "A line for each view, table and function: what it holds and what one row is.",
    mimeType: MARKDOWN,
    read: async (context) => indexPage(await listObjects(context)),
  },
  {
    uri: "catalogue://terms",
    name: "terms",
    title: "Terms",
    description:
      "What words like utilisation, idling, unknown, score, coverage or visit mean here, and which columns have them. Answers questions about meaning without a query.",
    mimeType: MARKDOWN,
    read: async () => termsPage(TERMS),
  },
  vocabulary,
];

/** A page for each object. */
export const objectTemplate: Template = {
  uriTemplate: "catalogue://{schema}/{name}",
  name: "catalogue-entry",
  title: "A view, table or function, explained",
  description: "Meaning, grain, caveats, columns with units, keys, and questions with SQL that answers them.",
  mimeType: MARKDOWN,
  async list(context) {
    const objects = await listObjects(context);
    return objects.map((object) => ({
      uri: `catalogue://${object.schema}/${object.name}`,
      name: nameOf(object),
      description: object.comment ?? "",
    }));
  },
  async read({ schema, name }, context) {
    const object = await findObject(schema, name, context);
    return objectPage(object, await shapeOf(object, context), entries[nameOf(object)]);
  },
};
