import koffi from "koffi";

/** Parameters of glibc's mallopt(3), from malloc.h. */
const parameters = { trimThreshold: -1, mmapThreshold: -3, arenaMax: -8 } as const;

/** Blocks from this size on are mapped, and so given back the moment they are freed. */
const largeBlock = 128 * 1024;

/**
 * Makes glibc give memory back: the library frees matrices of tens of megabytes, which its allocator else keeps in
 * one heap a thread (measured: docs/adr). Has to be called before the threads start. Another C library, which has no
 * mallopt, is left as it is.
 */
export function returnFreedMemory(): boolean {
  try {
    const mallopt = koffi.load("libc.so.6").func("int mallopt(int parameter, int value)");
    mallopt(parameters.arenaMax, 2);
    mallopt(parameters.mmapThreshold, largeBlock);
    mallopt(parameters.trimThreshold, 4 * largeBlock);
    return true;
  } catch {
    return false; // Only a saving: without it the same run needs more memory.
  }
}
