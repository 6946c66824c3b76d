/** What a promise or a stream came to, as a value: who handles it need not share a try block with whoever caused it. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

export async function outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** Each value, and as the last one the error that ended the stream, if one did. */
export async function* outcomes<T>(stream: AsyncIterable<T>): AsyncGenerator<Outcome<T>> {
  try {
    for await (const value of stream) yield { value };
  } catch (error) {
    yield { error };
  }
}
