# Sourced by the scripts of this folder: where the package is and how it is built.

# One set of flags for building, testing and the demo, so that nothing is compiled twice.
swift_flags=(-c release -Xswiftc -enable-testing)

# The folder of the package, wherever the script was called from.
package_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Prints a step's name to stderr, so that results alone go to stdout.
step() { printf '==> %s\n' "$*" >&2; }

# Ends the script with a reason.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
