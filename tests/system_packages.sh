#!/bin/sh
# Installs the Debian packages of system_packages.txt that are missing, where this user may; says so where it may not.
list="$(dirname "$0")/system_packages.txt"
missing=$(grep -v '^#' "$list" | while read -r command package _; do
    [ -e "$command" ] || command -v "$command" >/dev/null || PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null || printf ' %s' "$package"
done)
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing$missing, which some tests need …"
    if apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; then exit 0; fi
fi
echo "not installed:$missing; the tests that need them are skipped (as root: apt-get install$missing)"
