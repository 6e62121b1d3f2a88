# Sourced by the other scripts: where things are, and how what is missing gets installed. Needs bash.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Everything but packages stays inside the clone: the package manager's caches, and pocl's compiled kernels.
swift_options=(--cache-path .build/cache --config-path .build/configuration --security-path .build/security)
export POCL_CACHE_DIR="${POCL_CACHE_DIR:-$root/.build/pocl-cache}"
mkdir -p "$POCL_CACHE_DIR"
export GPUALS_CACHE_DIR="${GPUALS_CACHE_DIR:-$root/.build/gpuals-cache}"

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

require_swift() {
  command -v swift >/dev/null 2>&1 && return
  die "no Swift toolchain on PATH. gpuals needs Swift 6.2 or newer:
  install it with swiftly (https://www.swift.org/install/linux/), open a new shell, and run this script again"
}

# install PACKAGE… : the Debian packages of these that are not there yet.
install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null 2>&1 ||
    die "these are missing, and there is no apt-get to install them with: ${missing[*]} (Debian's names)"
  say "installing ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || die "run as root, or install these packages yourself: ${missing[*]}"
    sudo=(sudo)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    </dev/null >/dev/null 2>&1 && return
  # The lists of packages may be missing or old.
  "${sudo[@]}" apt-get update -qq </dev/null >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    </dev/null >&2 || die "could not install ${missing[*]}"
}

# A store and streams like Amazon's (moto), and the client for them, in a place of their own: $GPUALS_MOTO.
install_moto() {
  local moto=$root/.build/moto
  command -v python3 >/dev/null 2>&1 || install python3
  if [ ! -x "$moto/bin/moto_server" ] || [ ! -x "$moto/bin/aws" ]; then
    say "moto's server and the AWS command line interface, for tests of S3 and Kinesis"
    python3 -m venv "$moto" 2>/dev/null || { install python3-venv; python3 -m venv "$moto"; }
    "$moto/bin/pip" install --quiet --disable-pip-version-check 'moto[server]==5.*' 'awscli==1.*'
  fi
  export GPUALS_MOTO=$moto/bin
}

# What it takes to build.
install_build_dependencies() { install opencl-headers zlib1g-dev libzstd-dev; }

# What it takes to run on a device: the loader, and pocl for the CPU where there is no driver yet.
install_opencl_runtime() {
  install ocl-icd-libopencl1
  # An NVIDIA driver without its one-line registration is a common sight.
  if ! ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then install pocl-opencl-icd; fi
}
