/**
 * A program that waits for ever, as a static Linux executable: the first process of a Pod needs to do no more. Written by
 * hand because the machine may have no compiler.
 */
export function pauseProgram(arch: string): Buffer {
  const machine = machines[arch];
  if (machine === undefined)
    throw new Error(`Cannot make the pause image for ${arch}: only for x64 and arm64`);
  return Buffer.concat([headers(machine.number, machine.code.length), machine.code]);
}

/** `number` is the machine's in ELF headers. */
const machines: Readonly<Record<string, { readonly number: number; readonly code: Buffer }>> = {
  // mov eax, 34 (pause); syscall; jmp to the start
  x64: { number: 62, code: Buffer.from("b8220000000f05ebf7", "hex") },
  // mov x8, 73 (ppoll); x0 to x3 = 0; svc 0; b to the start
  arm64: {
    number: 183,
    code: Buffer.from("280980d2000080d2010080d2020080d2030080d2010000d4faffff17", "hex"),
  },
};

const loadedAt = 0x400000n;
const headerBytes = 64;
const segmentBytes = 56;
const readAndExecute = 5;

/** An ELF header and one segment, which holds the whole file. */
function headers(machine: number, codeBytes: number): Buffer {
  const bytes = Buffer.alloc(headerBytes + segmentBytes);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(bytes); // "\x7fELF", 64 bits, little-endian, version 1
  bytes.writeUInt16LE(2, 16); // an executable
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(1, 20); // version
  bytes.writeBigUInt64LE(loadedAt + BigInt(bytes.length), 24); // where it begins: after the headers
  bytes.writeBigUInt64LE(BigInt(headerBytes), 32); // where the segments are described
  bytes.writeUInt16LE(headerBytes, 52);
  bytes.writeUInt16LE(segmentBytes, 54);
  bytes.writeUInt16LE(1, 56); // one segment
  const size = BigInt(bytes.length + codeBytes);
  bytes.writeUInt32LE(1, headerBytes); // to be loaded
  bytes.writeUInt32LE(readAndExecute, headerBytes + 4);
  bytes.writeBigUInt64LE(loadedAt, headerBytes + 16);
  bytes.writeBigUInt64LE(loadedAt, headerBytes + 24);
  bytes.writeBigUInt64LE(size, headerBytes + 32); // in the file
  bytes.writeBigUInt64LE(size, headerBytes + 40); // in memory
  bytes.writeBigUInt64LE(0x1000n, headerBytes + 48); // alignment
  return bytes;
}
