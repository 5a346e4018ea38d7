#!/bin/sh
# Starts a pilot on a worker node:   PILOT_STABLE=pilot.pyz wrapper.sh OPTIONS OF THE PILOT
#
#   PILOT_STABLE     what Python is to run: a file (pilot.pyz, pilot.py), or "-m MODULE"
#   PILOT_CANDIDATE  the same, for one pilot in a hundred; the stable one where it is not there
#   PILOT_DRAW       a number that decides which: 0 of 100 is the candidate (default: by chance)
#   PILOT_PYTHON     the interpreter (default: python3)
#   PILOT_SETUP      a file that is to be sourced first, and has to be there and to succeed
#   PILOT_QUEUEDATA  the URL of the queue's definition, whose "environ" is set for the pilot
#   OSG_APP          where software of the site is; its setup.sh is sourced if there is one
#
# Nothing is written while nothing is wrong. Exit codes: the pilot's; 128 + n if signal n came
# before there was a pilot; 1 without a Python or a pilot to run, 64 if the set-up of the site
# fails, 71 if the queue's definition cannot be had.

# No name of a file is meant by anything below.
set -f

fail() {
    code=$1
    shift
    echo "wrapper: $*" >&2
    exit "$code"
}

# In a function a file that is sourced has no hold on the pilot's options.
setup() {
    case $1 in
        */*) . "$1" ;;
        *) . "./$1" ;;
    esac >/dev/null 2>&1
}

# Sixteen seconds of patience: a definition that is served again by then costs nobody a slot.
queuedata() {
    for pause in 1 5 10 0; do
        curl --silent --fail --max-time 60 "$PILOT_QUEUEDATA" && return 0
        sleep "$pause"
    done
    return 1
}

draw() {
    case ${PILOT_DRAW:-} in
        "" | *[!0-9]*) echo $((($(date +%s) + $$) % 100)) ;;
        *) echo $((PILOT_DRAW % 100)) ;;
    esac
}

there() {
    case $1 in
        "") return 1 ;;
        -*) return 0 ;;
        *) [ -r "$1" ] ;;
    esac
}

# $! is the pilot from the moment on in which it is started.
pass_on() {
    [ -n "$!" ] || exit $((128 + $2))
    kill -s "$1" "$!" 2>/dev/null
}
trap 'pass_on HUP 1' HUP
trap 'pass_on INT 2' INT
trap 'pass_on QUIT 3' QUIT
trap 'pass_on USR1 10' USR1
trap 'pass_on USR2 12' USR2
trap 'pass_on TERM 15' TERM
trap 'pass_on XCPU 24' XCPU

# -- the site

if [ -r "${OSG_APP:-}/setup.sh" ]; then
    setup "$OSG_APP/setup.sh" || fail 64 "$OSG_APP/setup.sh failed"
fi
if [ -n "${PILOT_SETUP:-}" ]; then
    [ -r "$PILOT_SETUP" ] || fail 64 "$PILOT_SETUP is not there"
    setup "$PILOT_SETUP" || fail 64 "$PILOT_SETUP failed"
fi

# -- Python: it knows its version best

python=${PILOT_PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail 1 "there is no $python on the PATH"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1 ||
    fail 1 "$python is older than 3.9, or does not work"

# -- the proxy: without a tool nobody sees its end coming; that harms nobody who has a token

if [ -r "${X509_USER_PROXY:-}" ] && [ -z "${PANDA_AUTH_TOKEN:-}" ]; then
    command -v arcproxy >/dev/null 2>&1 || command -v voms-proxy-info >/dev/null 2>&1 ||
        echo "wrapper: no tool can tell how long the proxy lasts" >&2
fi

# -- the queue

if [ -n "${PILOT_QUEUEDATA:-}" ]; then
    definition=$(queuedata) || fail 71 "$PILOT_QUEUEDATA cannot be had"
    environ=$(echo "$definition" | sed -n 's/.*"environ": *"\([^"]*\)".*/\1/p')
    for each in $environ; do
        case $each in
            *=*) export "$each" ;;
        esac
    done
fi

# -- the pilot

package=${PILOT_STABLE:-}
if there "${PILOT_CANDIDATE:-}" && [ "$(draw)" -eq 0 ]; then
    package=$PILOT_CANDIDATE
fi
there "$package" || fail 1 "there is no pilot: ${package:-PILOT_STABLE is not set}"

# Not in quotes: "-m MODULE" is two words.
"$python" $package "$@" &
pilot=$!
wait "$pilot"
code=$?
# A signal ends the wait, not the pilot.
while kill -0 "$pilot" 2>/dev/null; do
    wait "$pilot"
    code=$?
done
exit "$code"
