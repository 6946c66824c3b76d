import { libraryVersion } from "../../trainer/xgboost/library.ts";

/** The wheel that setup fetches for one architecture. */
export interface Pin {
  readonly requirement: string;
  /** Name of pip's platform tag. */
  readonly platform: string;
  /** Of the whole wheel, in hex. */
  readonly sha256: string;
}

const requirement = `xgboost-cpu==${libraryVersion}`;

/** By `process.arch`. The only place to change with libraryVersion; the sums are PyPI's. */
export const pins: Readonly<Record<string, Pin>> = {
  x64: {
    requirement,
    platform: "manylinux_2_28_x86_64",
    sha256: "1f16331f5c6beb2b40fbd4bf2834333062d93c9eb38b76186a5c206841dc1809",
  },
  arm64: {
    requirement,
    platform: "manylinux_2_28_aarch64",
    sha256: "47b81860b18056f9425b34fe2905343bc7ee0118122ae09cf2e31c305ed49877",
  },
};
