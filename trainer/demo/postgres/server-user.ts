import { chmod, chown, readFile } from "node:fs/promises";
import { userInfo } from "node:os";

/** Who the server runs as. Empty `ids` mean ourselves: only root may, and must, name somebody else. */
export interface ServerUser {
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/** The kernel's overflow user, which is nobody wherever the passwd database does not say otherwise. */
const NOBODY = 65534;

/** Ourselves; for root, whom PostgreSQL refuses, the user `nobody` of the passwd database, else 65534. */
export async function serverUser(): Promise<ServerUser> {
  if (userInfo().uid !== 0) return { ids: {} };
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return { ids: nobody(passwd) };
}

/** uid and gid of `nobody` in the text of a passwd database. */
export function nobody(passwd: string): { uid: number; gid: number } {
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? [];
  return { uid: Number(uid ?? NOBODY), gid: Number(gid ?? NOBODY) };
}

/** Gives `path` its mode and to `user` the ownership; an ordinary user owns it already. */
export async function own(path: string, mode: number, { ids }: ServerUser): Promise<void> {
  await chmod(path, mode);
  if (ids.uid !== undefined && ids.gid !== undefined) await chown(path, ids.uid, ids.gid);
}
