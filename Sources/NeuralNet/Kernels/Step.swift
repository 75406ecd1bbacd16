/// One action of a compiled network: a kernel or a pass of our own, with the memory it reads and writes.
struct Step {
  let name: String
  let reads: [Value]
  let writes: [Value]
  let run: () throws -> Void
}
