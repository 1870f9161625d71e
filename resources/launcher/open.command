#!/bin/sh
# Opens VeighNa Trader from the Finder; the Terminal window it comes with shows progress and errors.
project=@PROJECT@
python=@PYTHON@
if ! cd "$project" 2>/dev/null || [ ! -f run.py ]; then
    printf '%s\n' @MOVED@ >&2
    exit 1
fi
if "$python" -m veighna_ext.setup.launchers.ready 2>/dev/null; then
    exec "$python" -m veighna_ext "$@"
fi
exec python3 run.py "$@"
