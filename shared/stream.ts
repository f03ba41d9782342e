/**
 * A body that is made as it is read, part by part.
 * @param onError Told of what breaks it off; whoever reads meets it, too.
 */
export const streamOf = <Part>(
  parts: AsyncGenerator<Part>,
  toBytes: (part: Part) => Uint8Array,
  onError: (error: unknown) => void = () => {},
): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const part = await parts.next();
          if (part.done) controller.close();
          else controller.enqueue(toBytes(part.value));
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
