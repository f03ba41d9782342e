/**
 * After a script did not come. It may be of a version that is gone, and only the page as it is now names the one in its
 * place: where the server answers, the page is loaded anew; where it does not, that would lose what is there. A sign-in
 * that stands before it (Cloudflare Access) is an answer too: loading the page anew leads through it.
 */
export async function reloadOr(again: () => void): Promise<void> {
  const isThere = await fetch(location.pathname, {
    method: "HEAD",
    cache: "no-store",
    redirect: "manual",
  }).then(
    ({ ok, type }) => ok || type === "opaqueredirect",
    () => false,
  );
  if (isThere) location.reload();
  else again();
}
