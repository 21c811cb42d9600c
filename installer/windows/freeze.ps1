# The frozen program and its installer on Windows, from nothing. UNTESTED: nobody has run this yet (see ..\README.md).
# Needs Python 3.11 (64 bit) and Inno Setup 6.   powershell -File installer\windows\freeze.ps1 C:\build
param([Parameter(Mandatory)][string]$Out)
$ErrorActionPreference = "Stop"
Set-Location "$PSScriptRoot\..\.."
New-Item -ItemType Directory -Force "$Out\source" | Out-Null
foreach ($part in "app", "engine", "export", "training", "assets", "installer", "pyproject.toml", "README.md", "LICENSE") {
    Copy-Item -Recurse -Force $part "$Out\source"
}
if (-not (Test-Path "$Out\venv")) { py -3.11 -m venv "$Out\venv" }
$python = "$Out\venv\Scripts\python.exe"
& $python -m pip install --no-compile --constraint .ci\constraints.txt --requirement installer\requirements.txt "$Out\source[desktop]"
if ($LASTEXITCODE) { exit 1 }

& $python "$Out\source\installer\draw_icons.py" "$Out\icons"
& $python -c "import sys; from PIL import Image; Image.open(sys.argv[1]).save(sys.argv[2], sizes=[(s, s) for s in (16, 24, 32, 48, 64, 128, 256)])" "$Out\icons\256.png" "$Out\source\installer\windows\genu.ico"
& $python -m PyInstaller --noconfirm --log-level WARN --distpath "$Out\dist" --workpath "$Out\work" "$Out\source\installer\genu.spec"
if ($LASTEXITCODE) { exit 1 }
& $python installer\licences.py "$Out\dist\genu"
Copy-Item LICENSE "$Out\dist\genu"

# By hand, since smoke_test.py needs Xvfb: the sample case, the findings, and a look at the window.
& "$Out\dist\genu\genu.exe" doctor
& "$Out\dist\genu\genu.exe" generate "$Out\dist\genu\_internal\assets\sample-case\ap.dcm" "$Out\dist\genu\_internal\assets\sample-case\lateral.dcm" --out "$Out\knee"
& "$Out\dist\genu\genu-window.exe" desktop

$version = (& "$Out\dist\genu\genu.exe" --version).Split(" ")[1]
& "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe" "/DVersion=$version" "/DFrozen=$Out\dist\genu" "/O$Out" "$Out\source\installer\windows\genu.iss"
