import { execFile } from "node:child_process";
import { promisify } from "node:util";

const git = async (root: string, ...words: string[]): Promise<string> =>
  (await promisify(execFile)("git", words, { cwd: root })).stdout.trim();

/** The commit of the tree, and what is in the tree and in no commit. */
export async function readCommit(root: string): Promise<{ commit: string; uncommitted: string[] }> {
  const [commit, status] = await Promise.all([
    git(root, "rev-parse", "--short=12", "HEAD"),
    git(root, "status", "--porcelain"),
  ]);
  return { commit, uncommitted: status === "" ? [] : status.split("\n") };
}
