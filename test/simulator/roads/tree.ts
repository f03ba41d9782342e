/** Shortest ways from one node to all others; -1 as the parent of the root and of unreachable nodes. */
export interface Tree {
  parent: Int32Array;
  /** Edges between a node and the root. */
  depth: Int32Array;
  /** An ancestor far up: following it where possible makes climbing logarithmic (skew-binary jump pointers). */
  jump: Int32Array;
  /** Metres along the tree between a node and the root; Infinity when unreachable. */
  distanceM: Float64Array;
}

/** Dijkstra with a binary heap whose stale entries are skipped when met. */
export function shortestPathTree(
  x: Float64Array,
  y: Float64Array,
  neighbours: number[][],
  root: number,
): Tree {
  const parent = new Int32Array(x.length).fill(-1);
  const depth = new Int32Array(x.length);
  const jump = new Int32Array(x.length).fill(root);
  const distanceM = new Float64Array(x.length).fill(Infinity);
  const heap = new Heap();
  distanceM[root] = 0;
  heap.push(root, 0);
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { node, key } = top;
    if (key > (distanceM[node] ?? 0)) continue;
    if (node !== root) jump[node] = jumpOf(parent[node] ?? root, depth, jump);
    for (const next of neighbours[node] ?? []) {
      const edgeM = Math.hypot((x[next] ?? 0) - (x[node] ?? 0), (y[next] ?? 0) - (y[node] ?? 0));
      const throughM = key + edgeM;
      if (throughM >= (distanceM[next] ?? Infinity)) continue;
      distanceM[next] = throughM;
      parent[next] = node;
      depth[next] = (depth[node] ?? 0) + 1;
      heap.push(next, throughM);
    }
  }
  return { parent, depth, jump, distanceM };
}

/** The jump of a node whose parent is given: over two equal jumps at once, or just to the parent. */
function jumpOf(parent: number, depth: Int32Array, jump: Int32Array): number {
  const once = jump[parent] ?? parent;
  const twice = jump[once] ?? once;
  const equal = (depth[parent] ?? 0) - (depth[once] ?? 0) === (depth[once] ?? 0) - (depth[twice] ?? 0);
  return equal ? twice : parent;
}

/** The node at which the ways of `a` and `b` to the root meet. */
export function meetingNode({ parent, depth, jump }: Tree, a: number, b: number): number {
  const depthOf = (node: number): number => depth[node] ?? 0;
  let [low, high] = depthOf(a) >= depthOf(b) ? [a, b] : [b, a];
  while (depthOf(low) > depthOf(high)) {
    const far = jump[low] ?? -1;
    low = depthOf(far) >= depthOf(high) ? far : (parent[low] ?? -1);
  }
  while (low !== high) {
    const apart = jump[low] !== jump[high];
    low = (apart ? jump[low] : parent[low]) ?? -1;
    high = (apart ? jump[high] : parent[high]) ?? -1;
  }
  return low;
}

/** Metres from `a` to `b` along the tree. */
export function treeDistanceM(tree: Tree, a: number, b: number): number {
  // Most questions are about the way home, and home is the root.
  if (tree.depth[a] === 0) return tree.distanceM[b] ?? Infinity;
  if (tree.depth[b] === 0) return tree.distanceM[a] ?? Infinity;
  const meeting = meetingNode(tree, a, b);
  return (tree.distanceM[a] ?? 0) + (tree.distanceM[b] ?? 0) - 2 * (tree.distanceM[meeting] ?? 0);
}

/** The nodes from `a` to `b` along the tree, both included. */
export function treePath(tree: Tree, a: number, b: number): number[] {
  const meeting = meetingNode(tree, a, b);
  const path: number[] = [];
  for (let node = a; node !== meeting; node = tree.parent[node] ?? -1) path.push(node);
  path.push(meeting);
  const down = path.length;
  for (let node = b; node !== meeting; node = tree.parent[node] ?? -1) path.push(node);
  for (let low = down, high = path.length - 1; low < high; low++, high--) {
    [path[low], path[high]] = [path[high] ?? 0, path[low] ?? 0];
  }
  return path;
}

class Heap {
  #entries: { node: number; key: number }[] = [];

  push(node: number, key: number): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const entry = entries[above];
      if (entry === undefined || entry.key <= key) break;
      entries[at] = entry;
      at = above;
    }
    entries[at] = { node, key };
  }

  pop(): { node: number; key: number } | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const moved = entries.pop();
    if (moved === undefined || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = entries[below];
      if (left === undefined) break;
      const right = entries[below + 1];
      let smaller = left;
      if (right !== undefined && right.key < left.key) {
        below++;
        smaller = right;
      }
      if (smaller.key >= moved.key) break;
      entries[at] = smaller;
      at = below;
    }
    entries[at] = moved;
    return top;
  }
}
