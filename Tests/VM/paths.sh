# Paths of the guest kernels and file systems. Sourced, not run.
project=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
kernel_cache=${NETTRACE_KERNEL_CACHE:-$project/build/kernels}
# Only kernels are worth sharing: guests depend on this checkout.
guest_cache=$project/build/guests

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# The lines of a list file, without comments.
entries() { sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$1"; }

# kernel_folder VERSION: the folder where fetch-kernel unpacked the packages of a kernel line.
kernel_folder() {
	local folder=$kernel_cache/$1
	[[ -d $folder ]] || die "kernel $1 is not in $kernel_cache: run Tests/VM/fetch-kernel $1"
	echo "$folder"
}

# The first of the given paths that exists.
first_of() {
	local path
	for path; do
		[[ ! -e $path ]] || { echo "$path" && return; }
	done
	die "an unpacked kernel package is incomplete: no $1 (remove the folder and run fetch-kernel again)"
}

# kernel_image VERSION: in /boot up to 6.x, later beside the modules.
kernel_image() { first_of "$kernel_cache/$1"/boot/vmlinuz-* "$kernel_cache/$1"/usr/lib/modules/*/vmlinuz; }

# kernel_modules VERSION: the folder named after the release, in /lib or /usr/lib depending on the age of the package.
kernel_modules() { first_of "$kernel_cache/$1"/lib/modules/* "$kernel_cache/$1"/usr/lib/modules/*; }

kernel_release() { basename "$(kernel_modules "$1")"; }
