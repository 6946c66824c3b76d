import { readdir } from "node:fs/promises";

import { codeOf } from "../errors.ts";
import { onVolume } from "./volume.ts";

/** The names in a directory; none when it was not made yet. */
export async function namesIn(path: string): Promise<readonly string[]> {
  return await onVolume("list", path, async () => {
    try {
      return await readdir(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  });
}
