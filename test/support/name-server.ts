import { createSocket } from "node:dgram";
import { once } from "node:events";

/** The IPv4 address of a name without its last dot; undefined when nobody has it. */
export type Resolve = (name: string) => Promise<string | undefined>;

const [headerBytes, addressRecord, noSuchName] = [12, 1, 3] as const;

/** Stands in for a cluster's DNS: answers questions for IPv4 addresses on port 53 of this machine's address, as RFC 1035 has it. */
export async function startNameServer(address: string, resolve: Resolve): Promise<AsyncDisposable> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { address: to, port }) => {
    answer(query, resolve).then(
      (message) => {
        socket.send(message, port, to);
      },
      () => undefined, // No answer is an answer: whoever asked asks again.
    );
  });
  socket.bind(53, address);
  await once(socket, "listening");
  return {
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

async function answer(query: Buffer, resolve: Resolve): Promise<Buffer> {
  const { name, end, type } = questionOf(query);
  const address = await resolve(name);
  const records = address !== undefined && type === addressRecord ? [recordOf(address)] : [];
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(0x8580 | (address === undefined ? noSuchName : 0), 2); // A response of who knows, recursion available.
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(headerBytes, end), ...records]);
}

/** `end` is the place behind the question. */
function questionOf(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at: number = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Its name is that of the question, told by a pointer; it holds for a second. */
const recordOf = (address: string): Buffer =>
  Buffer.from([
    0xc0,
    headerBytes,
    0,
    addressRecord,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    4,
    ...address.split(".").map(Number),
  ]);
