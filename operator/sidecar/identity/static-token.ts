import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";

import { BadConfiguration } from "../../bad-configuration.ts";
import type { Log } from "../../log.ts";
import type { User } from "./identity.ts";

/** Who has the static token; what it may do is for RBAC to say, as for everybody. */
export const staticUser: User = {
  name: "retrain:static",
  uid: "",
  groups: ["system:authenticated"],
  extra: {},
};

const shortest = 32;

/** A token in a file, read again at each request: a mounted Secret changes without a restart. */
export class StaticToken {
  readonly #file: string;
  readonly #log: Pick<Log, "warn">;

  constructor(file: string, log: Pick<Log, "warn">) {
    this.#file = file;
    this.#log = log;
  }

  /** Throws BadConfiguration when there is no token that can be used. */
  async check(): Promise<void> {
    let length: number;
    try {
      ({ length } = await this.#read());
    } catch (cause) {
      const why = Error.isError(cause) ? cause.message : String(cause);
      throw new BadConfiguration(`Cannot read STATIC_TOKEN_FILE: ${why}`, { cause });
    }
    if (length < shortest) {
      throw new BadConfiguration(
        `Cannot use STATIC_TOKEN_FILE ${this.#file}: its token has ${String(length)} characters; expected ${String(shortest)} at least`,
      );
    }
  }

  /** Takes as long for every wrong token. A file that can no longer be read knows nobody. */
  async knows(token: string): Promise<boolean> {
    try {
      const own = await this.#read();
      return own.length >= shortest && timingSafeEqual(digest(own), digest(token));
    } catch (error) {
      this.#log.warn("The static token cannot be read: it is not accepted", { error });
      return false;
    }
  }

  async #read(): Promise<string> {
    return (await readFile(this.#file, "utf8")).trim();
  }
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
