$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$shell = New-Object -ComObject WScript.Shell
foreach ($folder in [Environment]::GetFolderPath('Desktop'), [Environment]::GetFolderPath('Programs')) {
    if (-not $folder) { continue }
    $link = $shell.CreateShortcut((Join-Path $folder 'VeighNa Trader.lnk'))
    $link.TargetPath = Join-Path $env:SystemRoot 'System32\cmd.exe'
    $link.Arguments = '/c ""' + @BATCH@ + '""'
    $link.WorkingDirectory = @PROJECT@
    $link.IconLocation = @ICON@
    $link.Description = @DESCRIPTION@
    # minimised: the console behind the desktop has nothing to say
    $link.WindowStyle = 7
    $link.Save()
    $link.FullName
}
