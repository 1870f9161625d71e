@echo off
chcp 65001 >nul
setlocal DisableDelayedExpansion
if "%~1"=="setup" goto setup

cd /d "@PROJECT@" 2>nul
if errorlevel 1 goto moved
if not exist run.py goto moved
"@PYTHON@" -m veighna_ext.setup.launchers.ready 2>nul
if errorlevel 1 goto visible_setup

set "log=%LOCALAPPDATA%\veighna_ext\last-start.log"
"@PYTHON@" -m veighna_ext >nul 2>"%log%"
if "%errorlevel%"=="0" exit /b 0
set "message=@FAILED@"
goto show

:moved
set "message=@MOVED@"
set "log="

:show
rem the text travels in the environment, so that no character of it can be taken for a command
powershell -NoProfile -Command "$last = if ($env:log) { Get-Content -Encoding UTF8 $env:log | Where-Object { $_.Trim() } | Select-Object -Last 1 }; $text = (@($env:message, $last, $env:log) | Where-Object { $_ }) -join ([Environment]::NewLine * 2); [void](New-Object -ComObject WScript.Shell).Popup($text, 0, 'VeighNa Trader', 16)"
exit /b 1

:visible_setup
rem this window is minimised: run.py sees to the environment in one where its progress can be seen
start "VeighNa Trader" cmd /c ""%~f0" setup"
exit /b 0

:setup
cd /d "@PROJECT@"
where py >nul 2>nul
if errorlevel 1 (python run.py) else (py -3 run.py)
if errorlevel 1 pause
