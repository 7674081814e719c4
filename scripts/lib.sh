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
# Odoo would take these for its own; every script names its database itself.
unset PGDATABASE ODOO_RC ODOO_ADDONS_PATH

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
addons_list() { addons "$@" | tr ' ' ','; }

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
db_rename() {
    rm -rf "$(filestore "$2")"
    if [ -d "$(filestore "$1")" ]; then mv "$(filestore "$1")" "$(filestore "$2")"; fi
    pg "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}

# Odoo's own command line in our environment. By the environment, because not every
# command of Odoo takes --config and --addons-path.
odoo_env() {
    export ODOO_RC=$CRM_HOME/odoo.conf ODOO_ADDONS_PATH=$ROOT
    ODOO=("$(venv_dir)/bin/python" -W ignore::DeprecationWarning -m odoo)
}
odoo() (
    odoo_env
    exec "${ODOO[@]}" "$@"
)

# Install or upgrade in one go: `odoo_modules DATABASE -i a,b`. What Odoo says is in the log.
odoo_modules() {
    local database=$1 log=$2
    shift 2
    odoo -d "$database" "$@" --stop-after-init --no-http >"$log" 2>&1
}

# For Odoo's shell: Debian's Odoo comes without a file that is not free, and browsers report its
# absence as an error.
# shellcheck disable=SC2034
WITHOUT_ABSENT_FILE="
asset = {
    'name': 'Without the file that is not free',
    'bundle': 'web.assets_backend',
    'directive': 'remove',
    'path': 'mail/static/lib/selfie_segmentation/selfie_segmentation.js',
}
if not env['ir.asset'].search_count([('path', '=', asset['path'])]):
    env['ir.asset'].create(asset)

"

# Print what Odoo warned of in a log. What is no line of the log is left out: the note that it runs
# as root (build machines have no other user), and remarks of docutils on the texts of Odoo's addons.
odoo_warnings() {
    grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$1" || true
}

# The databases of two homes, or of two machines, may lie side by side on one server.
home_key() { say "$CRM_HOME $(hostname)" | sha256sum | cut -c1-6; }

# Find or make the database with everything of Odoo that our addons need, and none of ours; its
# name is put into STOCK_DB. Named after what it holds; those that nothing needs any more are dropped.
# The lock on descriptor 8 is held until the caller closes it.
stock_database() {
    local stock key mine old
    stock=base,payment_demo,$(addons_list stock)
    key=$({ say "$stock"; cat "$(odoo_root)/odoo/release.py"
            git -C "$(odoo_root)" rev-parse HEAD 2>/dev/null || true; } | sha256sum | cut -c1-10)
    mine=crm_tpl_$(home_key)
    STOCK_DB=${mine}_$key
    exec 8>"$CRM_HOME/.stock.lock"
    flock -w 900 8 || fail "Another run has been making the template database for 15 minutes."
    for old in $(pg "SELECT datname FROM pg_database
                     WHERE starts_with(datname, '$mine') AND datname <> '$STOCK_DB'"); do
        db_drop "$old"
    done
    if ! { db_exists "$STOCK_DB" && [ -d "$(filestore "$STOCK_DB")" ]; }; then
        step "Template database $STOCK_DB with $stock (once, about 90 s)"
        db_drop "$STOCK_DB"
        createdb "${STOCK_DB}_part"
        odoo_modules "${STOCK_DB}_part" "$CRM_HOME/stock.log" -i "$stock" 8>&- \
            || { tail -n 20 "$CRM_HOME/stock.log" >&2; fail "Odoo's own addons could not be installed." \
                 "The whole log: $CRM_HOME/stock.log"; }
        db_rename "${STOCK_DB}_part" "$STOCK_DB"
    fi
}
