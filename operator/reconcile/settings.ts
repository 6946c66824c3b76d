import type { Configuration } from "../../contract/configuration.ts";

/** What decisions depend on beside what was seen. */
export interface Settings {
  readonly configuration: Configuration;
  /** Hex digest of a text's UTF-8 bytes: deciding files import no node: module. */
  readonly sha256: (text: string) => string;
}
