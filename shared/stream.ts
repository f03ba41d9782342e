/** Text, or the UTF-8 of one. */
export type Part = string | Uint8Array;

/**
 * A body that is made as it is read, part by part.
 * @param onError Told of what breaks it off; whoever reads meets it, too.
 */
export function streamOf(
  parts: AsyncGenerator<Part>,
  onError: (error: unknown) => void = () => {},
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (done) controller.close();
          else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
        } catch (error) {
          onError(error);
          controller.error(error);
        }
      },
      async cancel() {
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
