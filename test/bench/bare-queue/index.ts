/** Bindings of the bare Worker. */
interface BareEnv {
  QUEUE: Queue;
}

const SUCCESS = JSON.stringify({ code: 0, msg: "success" });

/** What a door can do at best: takes a body, puts it on a queue, answers. */
export default {
  async fetch(request, env) {
    await env.QUEUE.send(await request.text(), { contentType: "text" });
    return new Response(SUCCESS, { headers: { "content-type": "application/json" } });
  },
} satisfies ExportedHandler<BareEnv>;
