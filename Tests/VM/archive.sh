# Debian packages of any suite, without the machine's own apt state. Sourced, not run, after paths.sh.
#
# They come from the archive in this machine's own apt sources, with apt's keys and checks, but with separate lists and
# caches: nothing is installed.
download_attempts=4

# Prints the archive's URI and its keyring from the apt sources, in either format: the first source that offers `main`
# of this machine's own release, which excludes security and third-party archives.
archive_of_this_machine() {
	local parts=/etc/apt/sources.list.d release
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
	{
		cat /dev/null "$parts"/*.sources 2>/dev/null | awk -v release="$release" '
			function finish() {
				if (types ~ /(^| )deb( |$)/ && enabled != "no" && components ~ /(^| )main( |$)/ &&
					index(" " suites " ", " " release " ")) print uri, key
				types = uri = suites = components = key = enabled = ""
			}
			/^#/ { next }
			/^[[:space:]]*$/ { finish(); next }
			{ field = tolower($1); value = $0; sub(/^[^:]*:[[:space:]]*/, "", value) }
			field == "types:" { finish(); types = value }
			field == "uris:" { split(value, uris, " "); uri = uris[1] }
			field == "suites:" { suites = value }
			field == "components:" { components = value }
			field == "signed-by:" { key = value }
			field == "enabled:" { enabled = tolower(value) }
			END { finish() }'
		cat /dev/null /etc/apt/sources.list "$parts"/*.list 2>/dev/null | awk -v release="$release" '
			$1 != "deb" { next }
			{
				key = ""
				if ($2 ~ /^\[/) {
					options = $0; sub(/^[^[]*\[/, "", options); sub(/\].*/, "", options)
					count = split(options, each, " ")
					for (i = 1; i <= count; i++) if (each[i] ~ /^signed-by=/) key = substr(each[i], 11)
					sub(/\[[^]]*\][[:space:]]*/, "")
				}
				for (i = 4; i <= NF; i++) if ($3 == release && $i == "main") print $2, key
			}'
	} | head -n 1
}

release_key() {
	local key
	for key in "$1" /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
		[[ ! -f $key ]] || { echo "$key" && return; }
	done
}

with_patience() {
	local attempt
	for ((attempt = 1; attempt <= download_attempts; attempt++)); do
		"$@" && return
		[[ $attempt -eq $download_attempts ]] || sleep $((attempt * 5))
	done
	return 1
}

# Missing indexes must be an error, not a warning.
update_indexes() { apt-get -qq -o APT::Update::Error-Mode=any update >"$archive_work/update.log" 2>&1; }

# open_archive SUITE: makes apt-get and apt-cache use that suite only. Sets archive_work, a scratch folder that the
# caller removes.
open_archive() {
	local suite=$1 uri key
	read -r uri key < <(archive_of_this_machine) || true
	[[ -n ${uri:-} ]] || die "neither /etc/apt/sources.list nor sources.list.d names the archive of this release"
	key=$(release_key "${key:-}")
	[[ -n $key ]] || die "no archive keyring: install debian-archive-keyring"

	archive_work=$(mktemp -d)
	# apt reads as the user _apt if it exists.
	chmod 755 "$archive_work"
	mkdir -p "$archive_work"/{parts,preferences,lists/partial,cache/archives/partial,packages}
	echo "deb [signed-by=$key] $uri $suite main" >"$archive_work/parts/suite.list"
	touch "$archive_work/status"
	cat >"$archive_work/apt.conf" <<-END
		Dir::Etc::sourcelist "$archive_work/none";
		Dir::Etc::sourceparts "$archive_work/parts";
		Dir::Etc::preferences "$archive_work/none";
		Dir::Etc::preferencesparts "$archive_work/preferences";
		Dir::State::lists "$archive_work/lists";
		Dir::State::status "$archive_work/status";
		Dir::Cache "$archive_work/cache";
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Sandbox::User "root";
	END
	export APT_CONFIG=$archive_work/apt.conf
	with_patience update_indexes || {
		cat "$archive_work/update.log" >&2
		die "the suite '$suite' cannot be read from the archive in this machine's apt sources: it is gone, or there is no network"
	}
}
