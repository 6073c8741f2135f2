# Sourced by the scripts here that install what tests need: Debian packages where this user may. What cannot be had is told on
# standard error and is no failure: the tests themselves say what they lack.

log="$(mktemp)"
policy=""
as_root=()

clean_up() {
    rm -f "$log"
    [ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"
}
trap clean_up EXIT

say() {
    echo "$installer: $*" >&2
}

has() {
    command -v "$1" >/dev/null
}

may_apt() {
    has apt-get || return 1
    [ "$(id -u)" -ne 0 ] || return 0
    as_root=(sudo -n)
    has sudo && sudo -n true 2>/dev/null
}

# Debian starts a service when it is installed; the tests run servers of their own, so this one is to stay as it is.
forbid_services() {
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
}

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}

install_packages() {
    if ! may_apt; then
        say "not installed: $*. Why: no apt-get here, or no right to use it. hint: $advice"
        return
    fi
    say "installing $* (once)..."
    forbid_services
    if ! { apt update && apt install --no-install-recommends "$@"; }; then
        say "apt-get could not install $*. The end of what it said:"
        tail -n 15 "$log" >&2
    fi
}
