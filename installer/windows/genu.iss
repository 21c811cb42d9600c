; Inno Setup 6: genu-VERSION-setup.exe from the frozen program. UNTESTED: nobody has run this yet (see ..\README.md).
; iscc /DVersion=0.1.0 /DFrozen=C:\build\dist\genu genu.iss

#ifndef Version
  #error Say /DVersion=..., as in pyproject.toml
#endif
#ifndef Frozen
  #error Say /DFrozen=..., the folder that PyInstaller made
#endif

[Setup]
AppId={{6B1B2C0E-6C0B-4C7E-9A55-6E6C0E4B5A10}
AppName=Genu
AppVersion={#Version}
AppPublisher=The Genu project
AppComments=For research only: not a medical device
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\Genu
DefaultGroupName=Genu
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
ChangesEnvironment=yes
Compression=lzma2/fast
SolidCompression=yes
OutputBaseFilename=genu-{#Version}-setup
SetupIconFile=genu.ico
UninstallDisplayIcon={app}\genu-window.exe

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Frozen}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; What an older version had and this one has not must not stay on the search path of modules.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Genu"; Filename: "{app}\genu-window.exe"; Parameters: "desktop"
Name: "{autodesktop}\Genu"; Filename: "{app}\genu-window.exe"; Parameters: "desktop"; Tasks: desktopicon

[Registry]
; Windows knows kinds of files by their ending, and a case is case.json in a folder: a folder is opened with Genu.
Root: HKA; Subkey: "Software\Classes\Directory\shell\Genu"; ValueType: string; ValueData: "Open with Genu"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\Genu\command"; ValueType: string; ValueData: """{app}\genu-window.exe"" desktop ""%1"""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\genu-window.exe\shell\open\command"; ValueType: string; ValueData: """{app}\genu-window.exe"" desktop ""%1"""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\.dcm\OpenWithList\genu-window.exe"; Flags: uninsdeletekey

[Run]
Filename: "{app}\genu-window.exe"; Parameters: "desktop"; Description: "{cm:LaunchProgram,Genu}"; Flags: nowait postinstall skipifsilent
