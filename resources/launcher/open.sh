#!/bin/sh
# Opens VeighNa Trader without a terminal, and makes sure that a failure is seen all the same.
project=@PROJECT@
python=@PYTHON@
title='VeighNa Trader'
moved=@MOVED@
no_terminal=@NO_TERMINAL@
failed=@FAILED@
press_enter=@PRESS_ENTER@

has() { command -v "$1" >/dev/null 2>&1; }

show() {
    if has zenity; then zenity --error --no-markup --width=480 --title="$title" --text="$1"
    elif has kdialog; then kdialog --title "$title" --error "$1"
    elif has notify-send; then notify-send --urgency=critical "$title" "$1"
    elif has xterm; then xterm -T "$title" -e sh -c 'printf "%s\n\n%s" "$1" "$2"; read -r _' sh "$1" "$press_enter"
    elif has xmessage; then xmessage -center -title "$title" "$(printf '%s\n' "$1" | fold -s -w 80)"
    fi
    printf '%s\n' "$1" >&2
}

in_terminal() {
    if has ptyxis; then ptyxis --standalone -- "$@"
    elif has gnome-terminal; then gnome-terminal --wait -- "$@"
    elif has kgx; then kgx -- "$@"
    elif has konsole; then konsole -e "$@"
    elif has xfce4-terminal; then xfce4-terminal -x "$@"
    elif has x-terminal-emulator; then x-terminal-emulator -e "$@"
    elif has xterm; then xterm -e "$@"
    else show "$no_terminal"; return 1
    fi
}

if ! cd "$project" 2>/dev/null || [ ! -f run.py ]; then
    show "$moved"
    exit 1
fi

# the environment is gone, half made or outdated: run.py sees to it, where its progress can be seen
if ! "$python" -m veighna_ext.setup.launchers.ready 2>/dev/null; then
    in_terminal sh -c 'python3 run.py || { printf "\n%s" "$1"; read -r _; }' sh "$press_enter"
    exit
fi

log_folder="${XDG_CACHE_HOME:-$HOME/.cache}/veighna_ext"
log="$log_folder/last-start.log"
if ! mkdir -p "$log_folder" 2>/dev/null || ! : 2>/dev/null >"$log"; then
    log=/dev/null
fi
"$python" -m veighna_ext "$@" >/dev/null 2>"$log"
code=$?
case $code in
    # closed, or ended by the user or the end of the session
    0 | 129 | 130 | 137 | 143) ;;
    *) show "$failed

$(grep -v '^[[:space:]]*$' "$log" | tail -n 1)

$log" ;;
esac
exit $code
