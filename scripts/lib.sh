# Shared by the scripts of this folder: where things lie, how to say it, how to reach PostgreSQL.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything the scripts make outside the databases lies here; remove it to start over.
CRM_HOME=${CRM_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/crm-suite}
ODOO_SOURCE=${ODOO_SOURCE:-}
DEMO_DB=${DEMO_DB:-crm_demo}
HTTP_PORT=${HTTP_PORT:-8069}
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*"; }
step() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() {
    printf '\033[1;31merror:\033[0m %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }

# The folder that holds the package `odoo`.
odoo_root() {
    if [ -n "$ODOO_SOURCE" ]; then
        (cd "$ODOO_SOURCE" 2>/dev/null && pwd) || fail "ODOO_SOURCE=$ODOO_SOURCE is not a folder."
    else
        printf '%s\n' "$CRM_HOME/odoo/usr/lib/python3/dist-packages"
    fi
}

# One environment per set of pins and per Odoo, so that two checkouts never disturb each other.
venv_dir() {
    local key
    key=$({ cat "$ROOT/requirements.txt"; odoo_root; python3 --version; } | sha256sum | cut -c1-10)
    printf '%s\n' "$CRM_HOME/venv-$key"
}

# Our addons in an order in which each comes after those it depends on.
addons() { "$(venv_dir)/bin/python" "$ROOT/scripts/addons.py" "$@"; }

pg_user() { printf '%s\n' "${PGUSER:-$(id -un)}"; }
pg_ready() { psql -XAtq -d postgres -c 'SELECT 1' >/dev/null 2>&1; }
pg() { psql -XAtq -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }
db_exists() { [ "$(pg "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
filestore() { printf '%s\n' "$CRM_HOME/data/filestore/$1"; }
db_drop() {
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "$(filestore "$1")"
}
db_clone() {
    createdb -T "$1" "$2"
    rm -rf "$(filestore "$2")"
    if [ -d "$(filestore "$1")" ]; then cp -a "$(filestore "$1")" "$(filestore "$2")"; fi
}

# Odoo's own command line in our environment.
odoo() {
    local command=()
    case "${1:-}" in
        ''|-*) ;;
        *) command=("$1"); shift ;;
    esac
    "$(venv_dir)/bin/python" -W ignore::DeprecationWarning -m odoo "${command[@]}" \
        --config "$CRM_HOME/odoo.conf" --addons-path "$ROOT" "$@"
}
