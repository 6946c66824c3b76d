import { open, type FileHandle } from "node:fs/promises";

import { z } from "zod";

const Line = z.looseObject({ timestamp: z.coerce.date(), level: z.string(), message: z.string() });
/** A line of a process's log. */
export type Line = z.infer<typeof Line>;

/**
 * The log of a process that writes to a file, as a container's log ends in one: whoever reads it late, or slowly, does not keep the
 * process waiting as the reader of a pipe does.
 */
export class LogFile implements AsyncDisposable {
  /** So far, as of the last `read()`. */
  readonly lines: Line[] = [];
  readonly #file: FileHandle;
  #position = 0;
  #rest = "";

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(file: string): Promise<LogFile> {
    return new LogFile(await open(file, "wx+"));
  }

  /** For the process's stdout. */
  get fd(): number {
    return this.#file.fd;
  }

  /** Takes up what was written since the last time; one call at a time. */
  async read(): Promise<void> {
    const { size } = await this.#file.stat();
    const { buffer, bytesRead } = await this.#file.read({
      buffer: Buffer.alloc(size - this.#position),
      position: this.#position,
    });
    this.#position += bytesRead;
    // Latin-1 keeps every byte as it is, because what is read may end within a character.
    const lines = (this.#rest + buffer.toString("latin1", 0, bytesRead)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.lines.push(Line.parse(JSON.parse(Buffer.from(line, "latin1").toString())));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
