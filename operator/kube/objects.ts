import { z } from "zod";

/** An object with what the machinery itself reads; the rest stays as it came. */
export const KubeObjectRead = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), resourceVersion: z.string() }),
});

/** One page. */
export const PageRead = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().default("") }),
  items: z.array(KubeObjectRead),
});

const Change = z.object({ type: z.enum(["ADDED", "MODIFIED", "DELETED"]), object: KubeObjectRead });
const Bookmark = z.object({
  type: z.literal("BOOKMARK"),
  object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
});
const Failure = z.object({ type: z.literal("ERROR"), object: z.looseObject({ code: z.number() }) });

/** One line of a watch. */
export const WatchLine = z.discriminatedUnion("type", [Change, Bookmark, Failure]);
