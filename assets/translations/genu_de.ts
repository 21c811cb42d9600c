<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>AboutDialog</name>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Version {version}</source>
            <translation>Version {version}</translation>
        </message>
        <message>
            <source>A knee CT volume and four bone models from an AP and a lateral radiograph.</source>
            <translation>Ein CT-Volumen des Knies und vier Knochenmodelle aus einer AP- und einer lateralen Röntgenaufnahme.</translation>
        </message>
        <message>
            <source>Research use only: not a medical device, never for diagnosis, planning or treatment.</source>
            <translation>Nur für die Forschung: kein Medizinprodukt, nie für Diagnose, Planung oder Behandlung.</translation>
        </message>
        <message>
            <source>Open source under the Apache License 2.0. Films and cases stay on this computer.</source>
            <translation>Quelloffen unter der Apache-Lizenz 2.0. Aufnahmen und Fälle bleiben auf diesem Rechner.</translation>
        </message>
        <message>
            <source>Made with Qt (LGPL 3), VTK (BSD 3-clause), PyTorch (BSD 3-clause), pydicom (MIT) and the typeface Inter (OFL 1.1).</source>
            <translation>Gemacht mit Qt (LGPL 3), VTK (BSD 3-clause), PyTorch (BSD 3-clause), pydicom (MIT) und der Schrift Inter (OFL 1.1).</translation>
        </message>
    </context>
    <context>
        <name>AcceptCard</name>
        <message>
            <source>Remark, if there is one</source>
            <translation>Bemerkung, falls es eine gibt</translation>
        </message>
        <message>
            <source>Remark on the review</source>
            <translation>Bemerkung zur Beurteilung</translation>
        </message>
        <message>
            <source>Accept review</source>
            <translation>Beurteilung abschließen</translation>
        </message>
        <message>
            <source>I have looked at the knee and accept it</source>
            <translation>Ich habe das Knie angesehen und nehme es an</translation>
        </message>
        <message>
            <source>not reviewed</source>
            <translation>nicht beurteilt</translation>
        </message>
        <message>
            <source>accepted</source>
            <translation>angenommen</translation>
        </message>
        <message>
            <source>accepted before a change</source>
            <translation>vor einer Änderung angenommen</translation>
        </message>
    </context>
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <source>&amp;New case</source>
            <translation>&amp;Neuer Fall</translation>
        </message>
        <message>
            <source>&amp;Open files…</source>
            <translation>Dateien ö&amp;ffnen …</translation>
        </message>
        <message>
            <source>Open &amp;folder…</source>
            <translation>&amp;Ordner öffnen …</translation>
        </message>
        <message>
            <source>&amp;Sample case</source>
            <translation>&amp;Beispielfall</translation>
        </message>
        <message>
            <source>&amp;Cases</source>
            <translation>F&amp;älle</translation>
        </message>
        <message>
            <source>Close c&amp;ase</source>
            <translation>Fall s&amp;chließen</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>B&amp;eenden</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederholen</translation>
        </message>
        <message>
            <source>&amp;Rename case…</source>
            <translation>Fall &amp;umbenennen …</translation>
        </message>
        <message>
            <source>&amp;Preferences…</source>
            <translation>&amp;Einstellungen …</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>&amp;Messages</source>
            <translation>&amp;Meldungen</translation>
        </message>
        <message>
            <source>&amp;Full screen</source>
            <translation>&amp;Vollbild</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>&amp;Farbschema</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>&amp;Sprache</translation>
        </message>
        <message>
            <source>Larger text</source>
            <translation>Größere Schrift</translation>
        </message>
        <message>
            <source>Smaller text</source>
            <translation>Kleinere Schrift</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>&amp;Five-minute tour</source>
            <translation>&amp;Rundgang in fünf Minuten</translation>
        </message>
        <message>
            <source>&amp;Keyboard shortcuts</source>
            <translation>&amp;Tastenkürzel</translation>
        </message>
        <message>
            <source>&amp;Diagnostics</source>
            <translation>&amp;Diagnose</translation>
        </message>
        <message>
            <source>&amp;About Genu</source>
            <translation>Ü&amp;ber Genu</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Undo {what}</source>
            <translation>Rückgängig: {what}</translation>
        </message>
        <message>
            <source>Redo {what}</source>
            <translation>Wiederholen: {what}</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Umbenennen</translation>
        </message>
    </context>
    <context>
        <name>Anatomy</name>
        <message>
            <source>Femur</source>
            <translation>Femur</translation>
        </message>
        <message>
            <source>Tibia</source>
            <translation>Tibia</translation>
        </message>
        <message>
            <source>Patella</source>
            <translation>Patella</translation>
        </message>
        <message>
            <source>Fibula</source>
            <translation>Fibula</translation>
        </message>
        <message>
            <source>right</source>
            <translation>rechts</translation>
        </message>
        <message>
            <source>left</source>
            <translation>links</translation>
        </message>
        <message>
            <source>AP</source>
            <translation>AP</translation>
        </message>
        <message>
            <source>Lateral</source>
            <translation>Lateral</translation>
        </message>
    </context>
    <context>
        <name>Banner</name>
        <message>
            <source>Research use only - synthetic CT</source>
            <translation>Nur für die Forschung – synthetisches CT</translation>
        </message>
        <message>
            <source>Not a medical device: never for diagnosis, planning or treatment of a patient.</source>
            <translation>Kein Medizinprodukt: nie für Diagnose, Planung oder Behandlung eines Patienten.</translation>
        </message>
    </context>
    <context>
        <name>BoneRows</name>
        <message>
            <source>Show or hide</source>
            <translation>Ein- oder ausblenden</translation>
        </message>
        <message>
            <source>Colour of the {0}</source>
            <translation>Farbe: {0}</translation>
        </message>
        <message>
            <source>Opacity of the {0}</source>
            <translation>Deckkraft: {0}</translation>
        </message>
        <message>
            <source>Hide the {0}</source>
            <translation>Ausblenden: {0}</translation>
        </message>
        <message>
            <source>Show the {0}</source>
            <translation>Einblenden: {0}</translation>
        </message>
    </context>
    <context>
        <name>CalibrationForm</name>
        <message>
            <source>Known size</source>
            <translation>Bekannte Größe</translation>
        </message>
        <message>
            <source>Where it lies</source>
            <translation>Wo sie liegt</translation>
        </message>
        <message>
            <source>at the joint</source>
            <translation>am Gelenk</translation>
        </message>
        <message>
            <source>on the detector</source>
            <translation>am Detektor</translation>
        </message>
        <message>
            <source>Use</source>
            <translation>Übernehmen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>A ball of</source>
            <translation>Kugel von</translation>
        </message>
        <message>
            <source>A length of</source>
            <translation>Strecke von</translation>
        </message>
        <message>
            <source>Drag on the film from the ball's middle to its rim.</source>
            <translation>Auf der Aufnahme von der Mitte der Kugel zu ihrem Rand ziehen.</translation>
        </message>
        <message>
            <source>Drag on the film along the known length.</source>
            <translation>Auf der Aufnahme entlang der bekannten Strecke ziehen.</translation>
        </message>
        <message>
            <source>{0} mm a pixel at the detector, {1} mm at the joint. One pixel off is {2} %.</source>
            <translation>{0} mm je Pixel am Detektor, {1} mm am Gelenk. Ein Pixel daneben sind {2} %.</translation>
        </message>
    </context>
    <context>
        <name>CardDialog</name>
        <message>
            <source>Model card</source>
            <translation>Modellbeschreibung</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>CaseList</name>
        <message>
            <source>Untitled case</source>
            <translation>Fall ohne Titel</translation>
        </message>
        <message>
            <source>partly out of date</source>
            <translation>teils veraltet</translation>
        </message>
        <message>
            <source>imported</source>
            <translation>importiert</translation>
        </message>
        <message>
            <source>checked</source>
            <translation>geprüft</translation>
        </message>
        <message>
            <source>generated</source>
            <translation>erzeugt</translation>
        </message>
        <message>
            <source>reviewed</source>
            <translation>beurteilt</translation>
        </message>
        <message>
            <source>measured</source>
            <translation>vermessen</translation>
        </message>
        <message>
            <source>exported</source>
            <translation>exportiert</translation>
        </message>
        <message>
            <source>empty</source>
            <translation>leer</translation>
        </message>
    </context>
    <context>
        <name>CheckList</name>
        <message>
            <source>Go on to Generate</source>
            <translation>Weiter zum Erzeugen</translation>
        </message>
        <message>
            <source>Accept</source>
            <translation>Annehmen</translation>
        </message>
        <message>
            <source>Accepted</source>
            <translation>Angenommen</translation>
        </message>
        <message>
            <source>Side, view and scale are settled</source>
            <translation>Seite, Projektion und Maßstab sind geklärt</translation>
        </message>
        <message numerus="yes">
            <source>%n left to settle</source>
            <translation>
                <numerusform>%n noch zu klären</numerusform>
                <numerusform>%n noch zu klären</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CheckPage</name>
        <message>
            <source>Swap films</source>
            <translation>Aufnahmen tauschen</translation>
        </message>
        <message>
            <source>Each film into the other's place</source>
            <translation>Jede Aufnahme an den Platz der anderen</translation>
        </message>
        <message>
            <source>Check the films</source>
            <translation>Aufnahmen prüfen</translation>
        </message>
        <message>
            <source>Two films are needed</source>
            <translation>Zwei Aufnahmen werden gebraucht</translation>
        </message>
        <message>
            <source>Import films</source>
            <translation>Aufnahmen importieren</translation>
        </message>
        <message>
            <source>A film cannot be read</source>
            <translation>Eine Aufnahme ist nicht lesbar</translation>
        </message>
        <message>
            <source>Read again</source>
            <translation>Neu lesen</translation>
        </message>
        <message>
            <source>Reading the films…</source>
            <translation>Aufnahmen werden gelesen …</translation>
        </message>
        <message>
            <source>Reading {0}…</source>
            <translation>{0} wird gelesen …</translation>
        </message>
    </context>
    <context>
        <name>Chip</name>
        <message>
            <source>settled</source>
            <translation>geklärt</translation>
        </message>
        <message>
            <source>open</source>
            <translation>offen</translation>
        </message>
    </context>
    <context>
        <name>CrashDialog</name>
        <message>
            <source>Something went wrong</source>
            <translation>Etwas ist schiefgegangen</translation>
        </message>
        <message>
            <source>Genu met an error that was not foreseen. What you did last may not have been done.</source>
            <translation>In Genu ist ein unvorhergesehener Fehler aufgetreten. Was zuletzt getan wurde, ist vielleicht nicht ausgeführt.</translation>
        </message>
        <message>
            <source>Every step that was accepted before is saved.</source>
            <translation>Jeder davor angenommene Schritt ist gespeichert.</translation>
        </message>
        <message>
            <source>Go on, or close Genu and open the case again. If it comes back, report it with the details below.</source>
            <translation>Weitermachen, oder Genu schließen und den Fall neu öffnen. Kommt der Fehler wieder, bitte mit den Einzelheiten unten melden.</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
    </context>
    <context>
        <name>Desktop</name>
        <message>
            <source>The language changes at the next start, since a job is running.</source>
            <translation>Die Sprache wechselt beim nächsten Start, weil gerade gerechnet wird.</translation>
        </message>
        <message>
            <source>Genu ended unexpectedly. The case that was open is here again, with every accepted step.</source>
            <translation>Genu wurde unerwartet beendet. Der zuletzt geöffnete Fall ist wieder da, mit allen angenommenen Schritten.</translation>
        </message>
        <message>
            <source>Use the usual folder</source>
            <translation>Üblichen Ordner verwenden</translation>
        </message>
        <message>
            <source>Close Genu</source>
            <translation>Genu schließen</translation>
        </message>
    </context>
    <context>
        <name>DiagnosticsDialog</name>
        <message>
            <source>Diagnostics</source>
            <translation>Diagnose</translation>
        </message>
        <message>
            <source>Looking at this computer…</source>
            <translation>Dieser Rechner wird untersucht …</translation>
        </message>
        <message>
            <source>Diagnostics are running</source>
            <translation>Die Diagnose läuft</translation>
        </message>
        <message>
            <source>Finding</source>
            <translation>Befund</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>What was found, and what to do</source>
            <translation>Was gefunden wurde, und was zu tun ist</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Open the log folder</source>
            <translation>Protokollordner öffnen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Genu can do its job on this computer.</source>
            <translation>Genu kann auf diesem Rechner arbeiten.</translation>
        </message>
        <message>
            <source>Something keeps Genu from its job.</source>
            <translation>Etwas hindert Genu an der Arbeit.</translation>
        </message>
        <message>
            <source>Good</source>
            <translation>Gut</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>Failure</source>
            <translation>Fehler</translation>
        </message>
    </context>
    <context>
        <name>DimensionsCard</name>
        <message>
            <source>Sizes of the bones</source>
            <translation>Maße der Knochen</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <source>Depth</source>
            <translation>Tiefe</translation>
        </message>
        <message>
            <source>Length</source>
            <translation>Länge</translation>
        </message>
        <message>
            <source>Volume</source>
            <translation>Volumen</translation>
        </message>
        <message>
            <source>Width is medial to lateral, depth front to back, along the patient's axes as filmed: of the femur's lowest {0} mm, the tibia's highest {1} mm, the whole of the others. Length is what lies in the field of view.</source>
            <translation>Breite ist medial bis lateral, Tiefe vorn bis hinten, entlang der Patientenachsen der Aufnahmen: der untersten {0} mm des Femurs, der obersten {1} mm der Tibia, der übrigen Knochen im Ganzen. Länge ist, was im Sichtfeld liegt.</translation>
        </message>
        <message>
            <source>Adults, women / men: femur width {0}, depth {1}, tibia width {2}, depth {3} mm ({4}).</source>
            <translation>Erwachsene, Frauen / Männer: Femur Breite {0}, Tiefe {1}, Tibia Breite {2}, Tiefe {3} mm ({4}).</translation>
        </message>
        <message>
            <source>No HKA, mLDFA or MPTA: hip and ankle lie outside the field of view. Bones carry no cartilage (about 2 mm). For research use.</source>
            <translation>Kein HKA, mLDFA oder MPTA: Hüfte und Sprunggelenk liegen außerhalb des Sichtfelds. Die Knochen tragen keinen Knorpel (etwa 2 mm). Für die Forschung.</translation>
        </message>
    </context>
    <context>
        <name>DropZone</name>
        <message>
            <source>Drop films here</source>
            <translation>Aufnahmen hier ablegen</translation>
        </message>
        <message>
            <source>Open files…</source>
            <translation>Dateien öffnen …</translation>
        </message>
        <message>
            <source>Open folder…</source>
            <translation>Ordner öffnen …</translation>
        </message>
        <message>
            <source>Try the sample case</source>
            <translation>Beispielfall ausprobieren</translation>
        </message>
        <message>
            <source>Two films of a simulated right knee, of nobody</source>
            <translation>Zwei Aufnahmen eines simulierten rechten Knies, von niemandem</translation>
        </message>
        <message>
            <source>Drop both films here, or a folder that holds them</source>
            <translation>Beide Aufnahmen hier ablegen, oder einen Ordner, der sie enthält</translation>
        </message>
        <message>
            <source>Other films? Drop them here, or</source>
            <translation>Andere Aufnahmen? Hier ablegen, oder</translation>
        </message>
        <message>
            <source>An AP and a lateral radiograph of one knee: DICOM, or a PNG, TIFF or JPEG picture.</source>
            <translation>Eine AP- und eine laterale Aufnahme eines Knies: DICOM, oder ein PNG-, TIFF- oder JPEG-Bild.</translation>
        </message>
        <message>
            <source>Films and pictures</source>
            <translation>Aufnahmen und Bilder</translation>
        </message>
        <message>
            <source>Open films</source>
            <translation>Aufnahmen öffnen</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Open a folder of films</source>
            <translation>Ordner mit Aufnahmen öffnen</translation>
        </message>
    </context>
    <context>
        <name>Export</name>
        <message>
            <source>Printers, CAD, robots</source>
            <translation>Drucker, CAD, Roboter</translation>
        </message>
        <message>
            <source>Research tools</source>
            <translation>Forschungsprogramme</translation>
        </message>
        <message>
            <source>3-D editors</source>
            <translation>3-D-Programme</translation>
        </message>
        <message>
            <source>Headsets and the web</source>
            <translation>Headsets und Web</translation>
        </message>
        <message>
            <source>+Y up</source>
            <translation>+Y oben</translation>
        </message>
        <message>
            <source>up is +Y and the front is +Z, for headsets</source>
            <translation>oben ist +Y und vorn ist +Z, für Headsets</translation>
        </message>
        <message>
            <source>patient axes LPS, origin where the two films' central rays meet</source>
            <translation>Patientenachsen LPS, Ursprung im Schnittpunkt der Zentralstrahlen beider Aufnahmen</translation>
        </message>
        <message>
            <source>millimetres</source>
            <translation>Millimeter</translation>
        </message>
        <message>
            <source>metres</source>
            <translation>Meter</translation>
        </message>
    </context>
    <context>
        <name>ExportChoice</name>
        <message>
            <source>PDF report</source>
            <translation>PDF-Bericht</translation>
        </message>
        <message>
            <source>Films in it, with outlines of the bones</source>
            <translation>Mit den Aufnahmen und den Umrissen der Knochen</translation>
        </message>
        <message>
            <source>Picture of the 3-D view</source>
            <translation>Bild der 3-D-Ansicht</translation>
        </message>
        <message>
            <source>{format}, {unit}, {frame}, {side} knee</source>
            <translation>{format}, {unit}, {frame}, Knie {side}</translation>
        </message>
        <message>
            <source>A new folder {name} is made in it. Nothing that is there already is touched.</source>
            <translation>Darin wird ein neuer Ordner {name} angelegt. Was dort schon liegt, bleibt unberührt.</translation>
        </message>
        <message>
            <source>There is no 3-D view to take a picture of</source>
            <translation>Es gibt keine 3-D-Ansicht für ein Bild</translation>
        </message>
        <message>
            <source>Bones</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Formats</source>
            <translation>Formate</translation>
        </message>
        <message>
            <source>Beside the bones</source>
            <translation>Neben den Knochen</translation>
        </message>
        <message>
            <source>Names that are burnt into a film's pixels are not removed; look at the films first.</source>
            <translation>Namen, die in die Pixel einer Aufnahme eingebrannt sind, werden nicht entfernt; die Aufnahmen vorher ansehen.</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Folder to export into</source>
            <translation>Zielordner des Exports</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Wählen …</translation>
        </message>
        <message>
            <source>Choose the folder to export into</source>
            <translation>Zielordner des Exports wählen</translation>
        </message>
        <message>
            <source>Export into</source>
            <translation>Exportieren nach</translation>
        </message>
    </context>
    <context>
        <name>ExportFiles</name>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Unit</source>
            <translation>Einheit</translation>
        </message>
        <message>
            <source>Axes</source>
            <translation>Achsen</translation>
        </message>
        <message>
            <source>Side</source>
            <translation>Seite</translation>
        </message>
        <message>
            <source>Read back</source>
            <translation>Zurückgelesen</translation>
        </message>
        <message>
            <source>SHA-256</source>
            <translation>SHA-256</translation>
        </message>
        <message>
            <source>Files of the export</source>
            <translation>Dateien des Exports</translation>
        </message>
        <message>
            <source>Same bytes</source>
            <translation>Gleiche Bytes</translation>
        </message>
        <message>
            <source>Same as on screen</source>
            <translation>Gleich wie am Bildschirm</translation>
        </message>
        <message>
            <source>Same, within 0.00001 mm</source>
            <translation>Gleich, auf 0,00001 mm</translation>
        </message>
    </context>
    <context>
        <name>ExportPage</name>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Bones are being exported.</source>
            <translation>Knochen werden exportiert.</translation>
        </message>
        <message>
            <source>The export was cancelled; nothing was written.</source>
            <translation>Der Export wurde abgebrochen; nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>{count} files were written, read back and found equal.</source>
            <translation>{count} Dateien wurden geschrieben, zurückgelesen und für gleich befunden.</translation>
        </message>
        <message>
            <source>The files stand, but the case could not be saved and does not know of them.</source>
            <translation>Die Dateien sind geschrieben, aber der Fall ließ sich nicht speichern und weiß nichts von ihnen.</translation>
        </message>
        <message>
            <source>Nobody has accepted this knee on the Review page yet. It can be exported; the report will say so.</source>
            <translation>Dieses Knie hat auf der Seite Beurteilen noch niemand angenommen. Es lässt sich exportieren; der Bericht wird es sagen.</translation>
        </message>
        <message>
            <source>This case is open in another window; export it there.</source>
            <translation>Dieser Fall ist in einem anderen Fenster offen; dort exportieren.</translation>
        </message>
        <message>
            <source>Choose at least one bone.</source>
            <translation>Mindestens einen Knochen wählen.</translation>
        </message>
        <message>
            <source>Choose at least one format.</source>
            <translation>Mindestens ein Format wählen.</translation>
        </message>
        <message>
            <source>Choose a folder to export into.</source>
            <translation>Einen Zielordner wählen.</translation>
        </message>
        <message>
            <source>There is no generated knee yet: generate one first.</source>
            <translation>Es gibt noch kein erzeugtes Knie: zuerst eines erzeugen.</translation>
        </message>
        <message>
            <source>The films or how they were settled have changed since this knee was generated: generate it again.</source>
            <translation>Die Aufnahmen oder ihre Prüfung haben sich geändert, seit dieses Knie erzeugt wurde: neu erzeugen.</translation>
        </message>
        <message>
            <source>Right knee, case {case}</source>
            <translation>Rechtes Knie, Fall {case}</translation>
        </message>
        <message>
            <source>Left knee, case {case}</source>
            <translation>Linkes Knie, Fall {case}</translation>
        </message>
        <message>
            <source>{case}. Last export {time} to {folder}</source>
            <translation>{case}. Letzter Export {time} nach {folder}</translation>
        </message>
    </context>
    <context>
        <name>ExportPanel</name>
        <message>
            <source>Progress of the export</source>
            <translation>Fortschritt des Exports</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ordner öffnen</translation>
        </message>
        <message>
            <source>Copy path of the manifest</source>
            <translation>Pfad des Manifests kopieren</translation>
        </message>
        <message>
            <source>Go to Review</source>
            <translation>Zum Schritt Beurteilen</translation>
        </message>
        <message>
            <source>Write, read back and compare ({keys})</source>
            <translation>Schreiben, zurücklesen und vergleichen ({keys})</translation>
        </message>
        <message>
            <source>Nothing to export</source>
            <translation>Nichts zu exportieren</translation>
        </message>
        <message>
            <source>{count} files will be written</source>
            <translation>{count} Dateien werden geschrieben</translation>
        </message>
        <message>
            <source>Not yet</source>
            <translation>Noch nicht</translation>
        </message>
        <message>
            <source>Each is read back from the disk and compared with the screen.</source>
            <translation>Jede wird vom Datenträger zurückgelesen und mit dem Bildschirm verglichen.</translation>
        </message>
        <message>
            <source>Exporting…</source>
            <translation>Export läuft …</translation>
        </message>
        <message>
            <source>Nothing is kept before every file was read back.</source>
            <translation>Nichts bleibt stehen, bevor jede Datei zurückgelesen ist.</translation>
        </message>
        <message>
            <source>Cancelling…</source>
            <translation>Wird abgebrochen …</translation>
        </message>
        <message>
            <source>{count} files written, read back and found equal</source>
            <translation>{count} Dateien geschrieben, zurückgelesen und für gleich befunden</translation>
        </message>
        <message>
            <source>Export again</source>
            <translation>Neu exportieren</translation>
        </message>
    </context>
    <context>
        <name>FilmCanvas</name>
        <message>
            <source>right edge {0}, lower edge {1}</source>
            <translation>rechter Rand {0}, unterer Rand {1}</translation>
        </message>
        <message>
            <source>W {0}  L {1}  ·  {2} %</source>
            <translation>W {0}  L {1}  ·  {2} %</translation>
        </message>
        <message>
            <source>{0} mm {1}</source>
            <translation>{0} mm {1}</translation>
        </message>
    </context>
    <context>
        <name>FilmCard</name>
        <message>
            <source>Use it</source>
            <translation>Verwenden</translation>
        </message>
        <message>
            <source>Use {name}</source>
            <translation>{name} verwenden</translation>
        </message>
        <message>
            <source>{name}, born {date}</source>
            <translation>{name}, geboren {date}</translation>
        </message>
        <message>
            <source>Left</source>
            <translation>Links</translation>
        </message>
        <message>
            <source>Right</source>
            <translation>Rechts</translation>
        </message>
        <message>
            <source>View not stated</source>
            <translation>Projektion nicht angegeben</translation>
        </message>
        <message>
            <source>Side not stated</source>
            <translation>Seite nicht angegeben</translation>
        </message>
        <message>
            <source>Scale not stated</source>
            <translation>Maßstab nicht angegeben</translation>
        </message>
    </context>
    <context>
        <name>FilmPanel</name>
        <message>
            <source>Window</source>
            <translation>Fenster</translation>
        </message>
        <message>
            <source>Turn to the right</source>
            <translation>Nach rechts drehen</translation>
        </message>
        <message>
            <source>Mirror, with its directions</source>
            <translation>Spiegeln, samt den Richtungen</translation>
        </message>
        <message>
            <source>Calibrate by a ball</source>
            <translation>Mit einer Kugel kalibrieren</translation>
        </message>
        <message>
            <source>Calibrate by a known length</source>
            <translation>Mit einer bekannten Strecke kalibrieren</translation>
        </message>
        <message>
            <source>More</source>
            <translation>Mehr</translation>
        </message>
        <message>
            <source>Film: choose a window</source>
            <translation>Aufnahme: Fenster wählen</translation>
        </message>
        <message>
            <source>Film: invert</source>
            <translation>Aufnahme: invertieren</translation>
        </message>
        <message>
            <source>Film: turn to the right</source>
            <translation>Aufnahme: nach rechts drehen</translation>
        </message>
        <message>
            <source>Film: turn to the left</source>
            <translation>Aufnahme: nach links drehen</translation>
        </message>
        <message>
            <source>Film: mirror</source>
            <translation>Aufnahme: spiegeln</translation>
        </message>
        <message>
            <source>Film: calibrate by a ball</source>
            <translation>Aufnahme: mit einer Kugel kalibrieren</translation>
        </message>
        <message>
            <source>Film: calibrate by a known length</source>
            <translation>Aufnahme: mit einer bekannten Strecke kalibrieren</translation>
        </message>
        <message>
            <source>Film: closer</source>
            <translation>Aufnahme: vergrößern</translation>
        </message>
        <message>
            <source>Film: farther</source>
            <translation>Aufnahme: verkleinern</translation>
        </message>
        <message>
            <source>Film: whole</source>
            <translation>Aufnahme: ganz</translation>
        </message>
        <message>
            <source>Film: one pixel to one</source>
            <translation>Aufnahme: Originalgröße 1:1</translation>
        </message>
        <message>
            <source>Whole knee</source>
            <translation>Ganzes Knie</translation>
        </message>
        <message>
            <source>Bone</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Soft tissue</source>
            <translation>Weichteile</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Invert	I</source>
            <translation>Invertieren	I</translation>
        </message>
        <message>
            <source>Drag the window with the left button</source>
            <translation>Fenster mit der linken Taste ziehen</translation>
        </message>
        <message>
            <source>Whole film	0</source>
            <translation>Ganze Aufnahme	0</translation>
        </message>
        <message>
            <source>One pixel to one	1</source>
            <translation>Originalgröße 1:1	1</translation>
        </message>
        <message>
            <source>Turn to the left	Shift+R</source>
            <translation>Nach links drehen	Umschalt+R</translation>
        </message>
        <message>
            <source>at the joint</source>
            <translation>am Gelenk</translation>
        </message>
        <message>
            <source>View</source>
            <translation>Projektion</translation>
        </message>
        <message>
            <source>This is the {0} film</source>
            <translation>Diese Aufnahme ist: {0}</translation>
        </message>
        <message>
            <source>Which knee</source>
            <translation>Welches Knie</translation>
        </message>
        <message>
            <source>Side</source>
            <translation>Seite</translation>
        </message>
        <message>
            <source>Directions</source>
            <translation>Richtungen</translation>
        </message>
        <message>
            <source>{0} – {1}: {2} is at the right edge, the foot below</source>
            <translation>{0} – {1}: {2} liegt am rechten Rand, der Fuß unten</translation>
        </message>
    </context>
    <context>
        <name>FilmSettings</name>
        <message>
            <source>Pixel spacing</source>
            <translation>Pixelabstand</translation>
        </message>
        <message>
            <source>Source to detector</source>
            <translation>Fokus–Detektor</translation>
        </message>
        <message>
            <source>Source to joint</source>
            <translation>Fokus–Gelenk</translation>
        </message>
        <message>
            <source>Width of a pixel at the detector</source>
            <translation>Breite eines Pixels am Detektor</translation>
        </message>
        <message>
            <source>Ball…</source>
            <translation>Kugel …</translation>
        </message>
        <message>
            <source>Length…</source>
            <translation>Strecke …</translation>
        </message>
        <message>
            <source>Calibrate by a ball of known diameter (B)</source>
            <translation>Mit einer Kugel bekannten Durchmessers kalibrieren (B)</translation>
        </message>
        <message>
            <source>Calibrate by a known length (L)</source>
            <translation>Mit einer bekannten Strecke kalibrieren (L)</translation>
        </message>
        <message>
            <source>Not in the file: calibrate, or enter it</source>
            <translation>Nicht in der Datei: kalibrieren oder eingeben</translation>
        </message>
        <message>
            <source>Joint: {0} mm</source>
            <translation>Gelenk: {0} mm</translation>
        </message>
        <message>
            <source>{0}, rows {1} mm</source>
            <translation>{0}, Zeilen {1} mm</translation>
        </message>
    </context>
    <context>
        <name>FilmView</name>
        <message>
            <source>{0} columns across</source>
            <translation>{0} Spalten breit</translation>
        </message>
    </context>
    <context>
        <name>FilmsHere</name>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Films of the open case: {names}</source>
            <translation>Aufnahmen des offenen Falls: {names}</translation>
        </message>
    </context>
    <context>
        <name>FitCard</name>
        <message>
            <source>Projected CT over the films</source>
            <translation>Projiziertes CT über den Aufnahmen</translation>
        </message>
        <message>
            <source>Left: the film. Right: the projected CT</source>
            <translation>Links: die Aufnahme. Rechts: das projizierte CT</translation>
        </message>
        <message>
            <source>Fit to the films</source>
            <translation>Übereinstimmung mit den Aufnahmen</translation>
        </message>
        <message>
            <source>Film</source>
            <translation>Aufnahme</translation>
        </message>
        <message>
            <source>CT</source>
            <translation>CT</translation>
        </message>
        <message>
            <source>being computed</source>
            <translation>wird berechnet</translation>
        </message>
        <message>
            <source>How well the bones' shadows follow the film, 1 at best. From {0}: as bones within about 2 mm. Below {1}: no better than another person's knee.</source>
            <translation>Wie gut die Schatten der Knochen der Aufnahme folgen, bestenfalls 1. Ab {0}: wie Knochen auf etwa 2 mm. Unter {1}: nicht besser als das Knie eines anderen Menschen.</translation>
        </message>
    </context>
    <context>
        <name>ForecastCard</name>
        <message>
            <source>Share of the memory that the run needs</source>
            <translation>Anteil des Speichers, den der Lauf braucht</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>What this run needs</source>
            <translation>Was dieser Lauf braucht</translation>
        </message>
        <message>
            <source>Asking the engine…</source>
            <translation>Die Engine wird abgefragt …</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>GPU</source>
            <translation>GPU</translation>
        </message>
        <message>
            <source>about {needed}</source>
            <translation>etwa {needed}</translation>
        </message>
        <message>
            <source>{needed} needed</source>
            <translation>{needed} gebraucht</translation>
        </message>
        <message>
            <source>{needed} needed, {there} free</source>
            <translation>{needed} gebraucht, {there} frei</translation>
        </message>
        <message>
            <source>not known yet for this device</source>
            <translation>für dieses Gerät noch nicht bekannt</translation>
        </message>
        <message>
            <source>about {time}, as the last run here</source>
            <translation>etwa {time}, wie der letzte Lauf hier</translation>
        </message>
        <message>
            <source>about {time} on two cores, less on more</source>
            <translation>etwa {time} auf zwei Kernen, weniger auf mehr</translation>
        </message>
        <message>
            <source>The model is damaged. Install it again, or choose another.</source>
            <translation>Das Modell ist beschädigt. Neu installieren oder ein anderes wählen.</translation>
        </message>
        <message>
            <source>The model does not make this resolution. Choose another.</source>
            <translation>Diese Auflösung macht das Modell nicht. Eine andere wählen.</translation>
        </message>
        <message>
            <source>This machine has no CUDA GPU. Choose Automatic or Processor.</source>
            <translation>Dieser Rechner hat keine CUDA-GPU. Automatisch oder Prozessor wählen.</translation>
        </message>
        <message>
            <source>This machine has no CUDA GPU: the network runs on the processor.</source>
            <translation>Dieser Rechner hat keine CUDA-GPU: das Netz läuft auf dem Prozessor.</translation>
        </message>
        <message>
            <source>Memory is short: close other programs, or the run may be ended.</source>
            <translation>Der Speicher ist knapp: andere Programme schließen, sonst wird der Lauf womöglich beendet.</translation>
        </message>
        <message>
            <source>The system does not tell how much memory is free.</source>
            <translation>Das System sagt nicht, wie viel Speicher frei ist.</translation>
        </message>
    </context>
    <context>
        <name>GeneratePage</name>
        <message>
            <source>Generate</source>
            <translation>Erzeugen</translation>
        </message>
        <message>
            <source>Go to review</source>
            <translation>Zur Beurteilung</translation>
        </message>
        <message>
            <source>Go to check</source>
            <translation>Zur Prüfung</translation>
        </message>
        <message>
            <source>A knee is being generated.</source>
            <translation>Ein Knie wird erzeugt.</translation>
        </message>
        <message>
            <source>The knee as it forms</source>
            <translation>Das Knie, wie es entsteht</translation>
        </message>
        <message>
            <source>Generate the knee (Ctrl+Return)</source>
            <translation>Das Knie erzeugen (Strg+Eingabe)</translation>
        </message>
        <message>
            <source>Open a case, or import two films, to generate a knee.</source>
            <translation>Einen Fall öffnen oder zwei Aufnahmen importieren, um ein Knie zu erzeugen.</translation>
        </message>
        <message>
            <source>This case is open in another window and can only be looked at here.</source>
            <translation>Dieser Fall ist in einem anderen Fenster offen und kann hier nur angesehen werden.</translation>
        </message>
        <message>
            <source>Side, view and scale of both films must be settled on the Check page first.</source>
            <translation>Seite, Projektion und Maßstab beider Aufnahmen müssen zuerst auf der Seite Prüfen geklärt werden.</translation>
        </message>
        <message>
            <source>No model is at hand. Install one from a file.</source>
            <translation>Kein Modell ist vorhanden. Eines aus einer Datei installieren.</translation>
        </message>
        <message>
            <source>This cannot run as chosen; see what this run needs.</source>
            <translation>So gewählt geht es nicht; siehe, was dieser Lauf braucht.</translation>
        </message>
        <message>
            <source>Generate again</source>
            <translation>Neu erzeugen</translation>
        </message>
        <message>
            <source>Three levels of the network, shown after every step.</source>
            <translation>Drei Stufen des Netzes, nach jedem Schritt gezeigt.</translation>
        </message>
        <message>
            <source>Stale</source>
            <translation>Veraltet</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>{model}, {steps} steps, seed {seed}</source>
            <translation>{model}, {steps} Schritte, Startwert {seed}</translation>
        </message>
    </context>
    <context>
        <name>GenerateRun</name>
        <message>
            <source>The engine is still ending its last run; try again in a moment.</source>
            <translation>Der letzte Lauf wird noch beendet; gleich noch einmal versuchen.</translation>
        </message>
        <message>
            <source>The generation was cancelled; nothing of it is kept.</source>
            <translation>Die Erzeugung wurde abgebrochen; nichts davon bleibt.</translation>
        </message>
        <message>
            <source>Generate</source>
            <translation>Erzeugen</translation>
        </message>
        <message>
            <source>The result could not be saved; the case is as it was before.</source>
            <translation>Das Ergebnis ließ sich nicht speichern; der Fall ist wie zuvor.</translation>
        </message>
        <message>
            <source>The checked films changed while the knee was generated; it is kept and marked as stale.</source>
            <translation>Die geprüften Aufnahmen haben sich während der Erzeugung geändert; das Knie bleibt und ist als veraltet markiert.</translation>
        </message>
        <message>
            <source>The case was closed before its knee was saved; generate it again.</source>
            <translation>Der Fall wurde geschlossen, bevor sein Knie gespeichert war; neu erzeugen.</translation>
        </message>
    </context>
    <context>
        <name>ImportFooter</name>
        <message>
            <source>Title of the case</source>
            <translation>Titel des Falls</translation>
        </message>
        <message>
            <source>Make a case and check it</source>
            <translation>Fall anlegen und prüfen</translation>
        </message>
        <message>
            <source>Replace the films of this case</source>
            <translation>Aufnahmen dieses Falls ersetzen</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Titel</translation>
        </message>
        <message>
            <source>Use for the open case</source>
            <translation>Für den offenen Fall verwenden</translation>
        </message>
        <message>
            <source>Importing…</source>
            <translation>Import läuft …</translation>
        </message>
        <message>
            <source>Knee of {date}</source>
            <translation>Knie vom {date}</translation>
        </message>
        <message>
            <source>Tick only two films: the AP and the lateral.</source>
            <translation>Nur zwei Aufnahmen ankreuzen: die AP- und die laterale.</translation>
        </message>
        <message>
            <source>Both are the same picture: choose the AP and the lateral film.</source>
            <translation>Beide sind dasselbe Bild: die AP- und die laterale Aufnahme wählen.</translation>
        </message>
        <message>
            <source>These films are of two patients: choose both films of one.</source>
            <translation>Diese Aufnahmen sind von zwei Patienten: beide Aufnahmen eines Patienten wählen.</translation>
        </message>
        <message>
            <source>These patients were born on different days: choose both films of one.</source>
            <translation>Diese Patienten sind an verschiedenen Tagen geboren: beide Aufnahmen eines Patienten wählen.</translation>
        </message>
        <message>
            <source>Both files name the same view: settle it on the next page, or choose another.</source>
            <translation>Beide Dateien nennen dieselbe Projektion: auf der nächsten Seite klären oder eine andere wählen.</translation>
        </message>
        <message>
            <source>The files name different sides: settle it on the next page, or choose another.</source>
            <translation>Die Dateien nennen verschiedene Seiten: auf der nächsten Seite klären oder eine andere wählen.</translation>
        </message>
        <message>
            <source>The films were taken on different dates.</source>
            <translation>Die Aufnahmen sind an verschiedenen Tagen entstanden.</translation>
        </message>
        <message>
            <source>The files write the patient's name differently under one number.</source>
            <translation>Die Dateien schreiben den Namen des Patienten unter einer Nummer verschieden.</translation>
        </message>
    </context>
    <context>
        <name>ImportPage</name>
        <message>
            <source>Two films of one knee</source>
            <translation>Zwei Aufnahmen eines Knies</translation>
        </message>
    </context>
    <context>
        <name>JobBar</name>
        <message>
            <source>Running job</source>
            <translation>Laufende Berechnung</translation>
        </message>
        <message>
            <source>Progress of the job</source>
            <translation>Fortschritt der Berechnung</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>End the job within two seconds; nothing of it is kept</source>
            <translation>Die Berechnung binnen zwei Sekunden beenden; nichts davon bleibt</translation>
        </message>
        <message>
            <source>Cancelling…</source>
            <translation>Wird abgebrochen …</translation>
        </message>
        <message>
            <source>{percent} %</source>
            <translation>{percent} %</translation>
        </message>
        <message>
            <source>{elapsed} so far</source>
            <translation>bisher {elapsed}</translation>
        </message>
        <message>
            <source>about {left} left</source>
            <translation>noch etwa {left}</translation>
        </message>
        <message>
            <source>Starting the engine</source>
            <translation>Die Engine startet</translation>
        </message>
        <message>
            <source>Loading the model</source>
            <translation>Modell wird geladen</translation>
        </message>
        <message>
            <source>Preparing the films</source>
            <translation>Aufnahmen werden vorbereitet</translation>
        </message>
        <message>
            <source>Reading the films</source>
            <translation>Aufnahmen werden gelesen</translation>
        </message>
        <message>
            <source>Forming the knee</source>
            <translation>Knie entsteht</translation>
        </message>
        <message>
            <source>Making the bones</source>
            <translation>Knochen werden gebildet</translation>
        </message>
        <message>
            <source>Checking the bones</source>
            <translation>Knochen werden geprüft</translation>
        </message>
        <message>
            <source>Writing the result</source>
            <translation>Ergebnis wird geschrieben</translation>
        </message>
    </context>
    <context>
        <name>JobWatch</name>
        <message>
            <source>Engine</source>
            <translation>Engine</translation>
        </message>
        <message>
            <source>Processor, one thread</source>
            <translation>Prozessor, ein Thread</translation>
        </message>
        <message>
            <source>Processor, {count} threads</source>
            <translation>Prozessor, {count} Threads</translation>
        </message>
        <message>
            <source>{size} memory</source>
            <translation>{size} Speicher</translation>
        </message>
    </context>
    <context>
        <name>KneeCard</name>
        <message>
            <source>Lateral beam</source>
            <translation>Lateraler Strahlengang</translation>
        </message>
        <message>
            <source>Knee</source>
            <translation>Knie</translation>
        </message>
    </context>
    <context>
        <name>KneePane</name>
        <message>
            <source>Knee in 3-D</source>
            <translation>Knie in 3-D</translation>
        </message>
        <message>
            <source>Drawing the knee …</source>
            <translation>Knie wird gezeichnet …</translation>
        </message>
    </context>
    <context>
        <name>KneeView</name>
        <message>
            <source>Left button or arrow keys: turn. Middle button, or Shift and left button: move. Wheel, right button, or + and -: zoom. A, P, L, R, S, I: standard views. T: turntable. 0: fit. Ctrl and click: crosshair to the surface. Double click or M: this view alone.</source>
            <translation>Linke Taste oder Pfeiltasten: drehen. Mittlere Taste, oder Umschalt und linke Taste: verschieben. Rad, rechte Taste, oder + und -: vergrößern. A, P, L, R, S, I: Standardansichten. T: Drehteller. 0: einpassen. Strg und Klick: Fadenkreuz auf die Oberfläche. Doppelklick oder M: nur diese Ansicht.</translation>
        </message>
    </context>
    <context>
        <name>LengthBox</name>
        <message>
            <source> mm</source>
            <translation> mm</translation>
        </message>
    </context>
    <context>
        <name>LevelPreviews</name>
        <message>
            <source>Coronal</source>
            <translation>Koronal</translation>
        </message>
        <message>
            <source>Sagittal</source>
            <translation>Sagittal</translation>
        </message>
        <message>
            <source>{voxels}³ · {size} mm voxels</source>
            <translation>{voxels}³ · Voxel von {size} mm</translation>
        </message>
        <message>
            <source>Coronal slice at {voxels}³</source>
            <translation>Koronale Schicht bei {voxels}³</translation>
        </message>
        <message>
            <source>Sagittal slice at {voxels}³</source>
            <translation>Sagittale Schicht bei {voxels}³</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>The case is still open in another window.</source>
            <translation>Der Fall ist noch in einem anderen Fenster geöffnet.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Close Genu all the same?</source>
            <translation>Genu trotzdem schließen?</translation>
        </message>
        <message>
            <source>A knee is being generated.</source>
            <translation>Ein Knie wird erzeugt.</translation>
        </message>
        <message>
            <source>Leave this case all the same?</source>
            <translation>Diesen Fall trotzdem verlassen?</translation>
        </message>
        <message>
            <source>Leave the case</source>
            <translation>Fall verlassen</translation>
        </message>
        <message>
            <source>It ends, and nothing of it is kept. Accepted steps are saved.</source>
            <translation>Der Vorgang wird abgebrochen, und nichts davon bleibt erhalten. Angenommene Schritte sind gespeichert.</translation>
        </message>
        <message>
            <source>Stay</source>
            <translation>Hier bleiben</translation>
        </message>
    </context>
    <context>
        <name>MeasureCard</name>
        <message>
            <source>Distance</source>
            <translation>Abstand</translation>
        </message>
        <message>
            <source>Angle</source>
            <translation>Winkel</translation>
        </message>
        <message>
            <source>Rename the chosen measurement</source>
            <translation>Gewählte Messung umbenennen</translation>
        </message>
        <message>
            <source>Delete the chosen measurement</source>
            <translation>Gewählte Messung löschen</translation>
        </message>
        <message>
            <source>They still hold</source>
            <translation>Sie gelten noch</translation>
        </message>
        <message>
            <source>Delete them</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Measurements</source>
            <translation>Messungen</translation>
        </message>
    </context>
    <context>
        <name>MeasurementTable</name>
        <message>
            <source>Measurements</source>
            <translation>Messungen</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <source>Double click or Enter: rename. Delete: delete</source>
            <translation>Doppelklick oder Eingabe: umbenennen. Entf: löschen</translation>
        </message>
    </context>
    <context>
        <name>MessageDrawer</name>
        <message>
            <source>Messages</source>
            <translation>Meldungen</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Leeren</translation>
        </message>
        <message>
            <source>Hide the messages</source>
            <translation>Meldungen ausblenden</translation>
        </message>
    </context>
    <context>
        <name>Messages</name>
        <message>
            <source>Note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>Fehler</translation>
        </message>
    </context>
    <context>
        <name>ModelCard</name>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Model card</source>
            <translation>Modellbeschreibung</translation>
        </message>
        <message>
            <source>Install…</source>
            <translation>Installieren …</translation>
        </message>
        <message>
            <source>Install a model from a file; every byte of it is verified</source>
            <translation>Ein Modell aus einer Datei installieren; jedes Byte wird geprüft</translation>
        </message>
        <message>
            <source>Verifying {name}…</source>
            <translation>{name} wird geprüft …</translation>
        </message>
        <message>
            <source>Models (manifest.json *.zip)</source>
            <translation>Modelle (manifest.json *.zip)</translation>
        </message>
        <message>
            <source>Install a model</source>
            <translation>Modell installieren</translation>
        </message>
        <message>
            <source>{key} was verified and installed.</source>
            <translation>{key} wurde geprüft und installiert.</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keines</translation>
        </message>
        <message>
            <source>No model is at hand. Install one from a file.</source>
            <translation>Kein Modell ist vorhanden. Eines aus einer Datei installieren.</translation>
        </message>
        <message>
            <source>Damaged</source>
            <translation>Beschädigt</translation>
        </message>
        <message>
            <source>Makes</source>
            <translation>Liefert</translation>
        </message>
        <message>
            <source>{voxels} voxels, four bones</source>
            <translation>{voxels} Voxel, vier Knochen</translation>
        </message>
        <message>
            <source>Dice</source>
            <translation>Dice</translation>
        </message>
        <message>
            <source>Surface error</source>
            <translation>Oberflächenfehler</translation>
        </message>
        <message>
            <source>Not for</source>
            <translation>Nicht für</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Put this message away</source>
            <translation>Diese Meldung schließen</translation>
        </message>
    </context>
    <context>
        <name>NumberField</name>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
    </context>
    <context>
        <name>OpenRow</name>
        <message>
            <source>Import</source>
            <translation>Import</translation>
        </message>
        <message>
            <source>Yes</source>
            <translation>Ja</translation>
        </message>
        <message>
            <source>Settle</source>
            <translation>Klären</translation>
        </message>
    </context>
    <context>
        <name>OverlayView</name>
        <message>
            <source>AP film</source>
            <translation>AP-Aufnahme</translation>
        </message>
        <message>
            <source>Lateral film</source>
            <translation>Laterale Aufnahme</translation>
        </message>
        <message>
            <source>at the knee</source>
            <translation>am Knie</translation>
        </message>
    </context>
    <context>
        <name>PageKeys</name>
        <message>
            <source>Check: on a film</source>
            <translation>Prüfen: auf einer Aufnahme</translation>
        </message>
        <message>
            <source>Review and Plan: on a plane</source>
            <translation>Beurteilen und Planen: auf einer Ebene</translation>
        </message>
        <message>
            <source>Review and Plan: on the 3-D view</source>
            <translation>Beurteilen und Planen: auf der 3-D-Ansicht</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Open the chosen case</source>
            <translation>Gewählten Fall öffnen</translation>
        </message>
        <message>
            <source>Delete the chosen case</source>
            <translation>Gewählten Fall löschen</translation>
        </message>
        <message>
            <source>Choose a window</source>
            <translation>Fenster wählen</translation>
        </message>
        <message>
            <source>Invert</source>
            <translation>Invertieren</translation>
        </message>
        <message>
            <source>Turn to the right, to the left</source>
            <translation>Nach rechts, nach links drehen</translation>
        </message>
        <message>
            <source>Mirror</source>
            <translation>Spiegeln</translation>
        </message>
        <message>
            <source>Calibrate by a ball, by a known length</source>
            <translation>Mit einer Kugel, mit einer bekannten Strecke kalibrieren</translation>
        </message>
        <message>
            <source>Closer, farther, whole, one pixel to one</source>
            <translation>Vergrößern, verkleinern, ganz, Originalgröße 1:1</translation>
        </message>
        <message>
            <source>Move the film, or the handle that is held (faster)</source>
            <translation>Aufnahme oder gehaltenen Griff bewegen (schneller)</translation>
        </message>
        <message>
            <source>Arrows (Shift+Arrows)</source>
            <translation>Pfeile (Umschalt+Pfeile)</translation>
        </message>
        <message>
            <source>Window and level</source>
            <translation>Fensterbreite und -lage</translation>
        </message>
        <message>
            <source>Ctrl+Arrows</source>
            <translation>Strg+Pfeile</translation>
        </message>
        <message>
            <source>Generate the knee</source>
            <translation>Knie erzeugen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>All, planes, 3-D alone, films alone</source>
            <translation>Alles, Ebenen, nur 3-D, nur Aufnahmen</translation>
        </message>
        <message>
            <source>Accept review</source>
            <translation>Beurteilung abschließen</translation>
        </message>
        <message>
            <source>Next plane, plane before</source>
            <translation>Nächste Ebene, Ebene davor</translation>
        </message>
        <message>
            <source>Move the crosshair</source>
            <translation>Fadenkreuz bewegen</translation>
        </message>
        <message>
            <source>Arrows</source>
            <translation>Pfeile</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>Bild verschieben</translation>
        </message>
        <message>
            <source>Shift+Arrows</source>
            <translation>Umschalt+Pfeile</translation>
        </message>
        <message>
            <source>Bone, soft tissue, full window</source>
            <translation>Fenster: Knochen, Weichteile, ganz</translation>
        </message>
        <message>
            <source>Closer, farther, whole</source>
            <translation>Vergrößern, verkleinern, ganz</translation>
        </message>
        <message>
            <source>This view alone</source>
            <translation>Nur diese Ansicht</translation>
        </message>
        <message>
            <source>Anterior, posterior, left, right, superior, inferior</source>
            <translation>Vorn, hinten, links, rechts, oben, unten</translation>
        </message>
        <message>
            <source>Turn</source>
            <translation>Drehen</translation>
        </message>
        <message>
            <source>Turntable</source>
            <translation>Automatisch drehen</translation>
        </message>
        <message>
            <source>Measure a distance, an angle</source>
            <translation>Einen Abstand, einen Winkel messen</translation>
        </message>
        <message>
            <source>Stop measuring</source>
            <translation>Messen beenden</translation>
        </message>
        <message>
            <source>Rename, delete the chosen measurement</source>
            <translation>Gewählte Messung umbenennen, löschen</translation>
        </message>
    </context>
    <context>
        <name>PlanPage</name>
        <message>
            <source>Measure the knee</source>
            <translation>Knie vermessen</translation>
        </message>
        <message>
            <source>Stop measuring</source>
            <translation>Messen beenden</translation>
        </message>
        <message>
            <source>The case is open elsewhere and can only be looked at here.</source>
            <translation>Der Fall ist anderswo offen und kann hier nur angesehen werden.</translation>
        </message>
        <message>
            <source>These were measured on a knee that has been generated anew, or before a change.</source>
            <translation>Dies wurde an einem Knie gemessen, das neu erzeugt wurde, oder vor einer Änderung.</translation>
        </message>
        <message>
            <source>Generate the knee again first.</source>
            <translation>Zuerst das Knie neu erzeugen.</translation>
        </message>
        <message>
            <source>Choose a tool, then click in a plane or on a bone.</source>
            <translation>Ein Werkzeug wählen, dann in eine Ebene oder auf einen Knochen klicken.</translation>
        </message>
        <message>
            <source>Click the first point.</source>
            <translation>Den ersten Punkt anklicken.</translation>
        </message>
        <message>
            <source>Click the second point.</source>
            <translation>Den zweiten Punkt anklicken.</translation>
        </message>
        <message>
            <source>Click the end of the first arm.</source>
            <translation>Das Ende des ersten Schenkels anklicken.</translation>
        </message>
        <message>
            <source>Click the vertex.</source>
            <translation>Den Scheitel anklicken.</translation>
        </message>
        <message>
            <source>Click the end of the second arm.</source>
            <translation>Das Ende des zweiten Schenkels anklicken.</translation>
        </message>
        <message>
            <source>In a plane, or on a bone in 3-D; Enter takes the crosshair, Escape stops.</source>
            <translation>In einer Ebene oder auf einem Knochen in 3-D; Eingabe nimmt das Fadenkreuz, Esc beendet.</translation>
        </message>
    </context>
    <context>
        <name>PlaneView</name>
        <message>
            <source>Axial</source>
            <translation>Axial</translation>
        </message>
        <message>
            <source>Coronal</source>
            <translation>Koronal</translation>
        </message>
        <message>
            <source>Sagittal</source>
            <translation>Sagittal</translation>
        </message>
        <message>
            <source>Slab {0} mm</source>
            <translation>Schicht {0} mm</translation>
        </message>
        <message>
            <source>L {0}  W {1}</source>
            <translation>L {0}  W {1}</translation>
        </message>
        <message>
            <source>mm</source>
            <translation>mm</translation>
        </message>
        <message>
            <source>{0} HU   {1} mm</source>
            <translation>{0} HU   {1} mm</translation>
        </message>
        <message>
            <source>Wheel or Page Up and Page Down: scroll. Left button or arrow keys: crosshair. Right button: level and width. 1, 2, 3: bone, soft tissue, full. Ctrl and wheel, or + and -: zoom. Middle button, or Shift and left button or arrows: move. 0: fit. Double click or M: this view alone.</source>
            <translation>Rad oder Bild auf und Bild ab: blättern. Linke Taste oder Pfeiltasten: Fadenkreuz. Rechte Taste: Lage und Breite. 1, 2, 3: Knochen, Weichteile, ganz. Strg und Rad, oder + und -: vergrößern. Mittlere Taste, oder Umschalt und linke Taste oder Pfeile: verschieben. 0: einpassen. Doppelklick oder M: nur diese Ansicht.</translation>
        </message>
    </context>
    <context>
        <name>PlanesCard</name>
        <message>
            <source>Slab thickness</source>
            <translation>Schichtdicke</translation>
        </message>
        <message>
            <source>one layer</source>
            <translation>Einzelschicht</translation>
        </message>
        <message>
            <source>What a slab shows</source>
            <translation>Was die Dickschicht zeigt</translation>
        </message>
        <message>
            <source>Mean</source>
            <translation>Mittelwert</translation>
        </message>
        <message>
            <source>Maximum (MIP)</source>
            <translation>Maximum (MIP)</translation>
        </message>
        <message>
            <source>Bone outlines</source>
            <translation>Umrisse der Knochen</translation>
        </message>
        <message>
            <source>Where the plane cuts the bones' surfaces, as they are exported</source>
            <translation>Wo die Ebene die Knochenoberflächen schneidet, so wie sie exportiert werden</translation>
        </message>
        <message>
            <source>Planes</source>
            <translation>Ebenen</translation>
        </message>
        <message>
            <source>Slab</source>
            <translation>Dickschicht</translation>
        </message>
        <message>
            <source>Bone</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Bone window (1 in a plane)</source>
            <translation>Knochenfenster (1 in einer Ebene)</translation>
        </message>
        <message>
            <source>Soft tissue</source>
            <translation>Weichteile</translation>
        </message>
        <message>
            <source>Soft tissue window (2 in a plane)</source>
            <translation>Weichteilfenster (2 in einer Ebene)</translation>
        </message>
        <message>
            <source>Full</source>
            <translation>Ganz</translation>
        </message>
        <message>
            <source>All HU (3 in a plane)</source>
            <translation>Alle HU (3 in einer Ebene)</translation>
        </message>
    </context>
    <context>
        <name>PreferencesDialog</name>
        <message>
            <source>Preferences</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Aussehen</translation>
        </message>
        <message>
            <source>Cases</source>
            <translation>Fälle</translation>
        </message>
        <message>
            <source>A new generation begins with</source>
            <translation>Eine neue Erzeugung beginnt mit</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Farbschema</translation>
        </message>
        <message>
            <source>{percent} %</source>
            <translation>{percent} %</translation>
        </message>
        <message>
            <source>Size of text</source>
            <translation>Schriftgröße</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Folder of the cases</source>
            <translation>Ordner der Fälle</translation>
        </message>
        <message>
            <source>Change…</source>
            <translation>Ändern …</translation>
        </message>
        <message>
            <source>Change the folder of the cases</source>
            <translation>Ordner der Fälle ändern</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>Another folder is used from the next start on. Cases are not moved.</source>
            <translation>Ein anderer Ordner gilt ab dem nächsten Start. Fälle werden nicht verschoben.</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Quality in steps</source>
            <translation>Qualität in Schritten</translation>
        </message>
        <message>
            <source>Quality (steps)</source>
            <translation>Qualität (Schritte)</translation>
        </message>
        <message>
            <source>Whatever is fastest</source>
            <translation>Was am schnellsten ist</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>CUDA</source>
            <translation>CUDA</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
    </context>
    <context>
        <name>ProgressCard</name>
        <message>
            <source>Progress of the generation</source>
            <translation>Fortschritt der Erzeugung</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>End the run within two seconds; nothing of it is kept (Esc)</source>
            <translation>Den Lauf binnen zwei Sekunden beenden; nichts davon bleibt (Esc)</translation>
        </message>
        <message>
            <source>Cancelling</source>
            <translation>Wird abgebrochen</translation>
        </message>
        <message>
            <source>{elapsed} so far</source>
            <translation>bisher {elapsed}</translation>
        </message>
        <message>
            <source>{elapsed} so far, about {left} left</source>
            <translation>bisher {elapsed}, noch etwa {left}</translation>
        </message>
        <message>
            <source>Read films</source>
            <translation>Aufnahmen lesen</translation>
        </message>
        <message>
            <source>Load model</source>
            <translation>Modell laden</translation>
        </message>
        <message>
            <source>Prepare films</source>
            <translation>Aufnahmen vorbereiten</translation>
        </message>
        <message>
            <source>Encode films</source>
            <translation>Aufnahmen kodieren</translation>
        </message>
        <message>
            <source>Form knee</source>
            <translation>Knie bilden</translation>
        </message>
        <message>
            <source>Make bones</source>
            <translation>Knochen bilden</translation>
        </message>
        <message>
            <source>Check bones</source>
            <translation>Knochen prüfen</translation>
        </message>
        <message>
            <source>Write files</source>
            <translation>Dateien schreiben</translation>
        </message>
        <message>
            <source>Save case</source>
            <translation>Fall speichern</translation>
        </message>
    </context>
    <context>
        <name>ReadOnlyBar</name>
        <message>
            <source>Read-only: this case is open in another window. Close it there to change it.</source>
            <translation>Schreibgeschützt: dieser Fall ist in einem anderen Fenster geöffnet. Dort schließen, um ihn zu ändern.</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
    </context>
    <context>
        <name>RecentCases</name>
        <message>
            <source>Cases on this computer</source>
            <translation>Fälle auf diesem Rechner</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen …</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Find a case</source>
            <translation>Fall suchen</translation>
        </message>
        <message>
            <source>Find a case by its title</source>
            <translation>Einen Fall nach dem Titel suchen</translation>
        </message>
        <message>
            <source>No case yet. Drop two films, or try the sample case: it takes a minute.</source>
            <translation>Noch kein Fall. Zwei Aufnahmen ablegen, oder den Beispielfall ausprobieren: es dauert eine Minute.</translation>
        </message>
        <message>
            <source>Free up room</source>
            <translation>Platz schaffen</translation>
        </message>
        <message>
            <source>Remove files that no case and no undo needs any more</source>
            <translation>Dateien entfernen, die kein Fall und kein Rückgängig mehr braucht</translation>
        </message>
        <message>
            <source>Delete the chosen case (Del)</source>
            <translation>Gewählten Fall löschen (Entf)</translation>
        </message>
        <message>
            <source>Recent cases</source>
            <translation>Letzte Fälle</translation>
        </message>
        <message>
            <source>Delete “{title}”?</source>
            <translation>„{title}“ löschen?</translation>
        </message>
        <message>
            <source>Its films and everything made from them are removed from this computer for good. Files that you exported stay where they are.</source>
            <translation>Seine Aufnahmen und alles, was daraus entstand, werden endgültig von diesem Rechner entfernt. Exportierte Dateien bleiben, wo sie sind.</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>{size} were freed.</source>
            <translation>{size} wurden freigegeben.</translation>
        </message>
        <message>
            <source>1 case, {size} on disk</source>
            <translation>1 Fall, {size} belegt</translation>
        </message>
        <message>
            <source>{count} cases, {size} on disk</source>
            <translation>{count} Fälle, {size} belegt</translation>
        </message>
    </context>
    <context>
        <name>Report</name>
        <message>
            <source>Both</source>
            <translation>Beide</translation>
        </message>
        <message>
            <source>Side</source>
            <translation>Seite</translation>
        </message>
        <message>
            <source>Lateral beam</source>
            <translation>Lateraler Strahlengang</translation>
        </message>
        <message>
            <source>Film</source>
            <translation>Aufnahme</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <source>Settled as</source>
            <translation>Geklärt als</translation>
        </message>
        <message>
            <source>By</source>
            <translation>Von</translation>
        </message>
        <message>
            <source>Calibration, and who settled it</source>
            <translation>Kalibrierung, und wer sie geklärt hat</translation>
        </message>
        <message>
            <source>{degrees}°</source>
            <translation>{degrees}°</translation>
        </message>
        <message>
            <source>mirrored</source>
            <translation>gespiegelt</translation>
        </message>
        <message>
            <source>not mirrored</source>
            <translation>nicht gespiegelt</translation>
        </message>
        <message>
            <source>View</source>
            <translation>Projektion</translation>
        </message>
        <message>
            <source>Pixel spacing at the detector, mm</source>
            <translation>Pixelabstand am Detektor, mm</translation>
        </message>
        <message>
            <source>Source to detector, mm</source>
            <translation>Fokus-Detektor-Abstand, mm</translation>
        </message>
        <message>
            <source>Source to joint, mm</source>
            <translation>Fokus-Gelenk-Abstand, mm</translation>
        </message>
        <message>
            <source>Columns run to</source>
            <translation>Spalten laufen nach</translation>
        </message>
        <message>
            <source>Turned, mirrored</source>
            <translation>Gedreht, gespiegelt</translation>
        </message>
        <message>
            <source>Check page</source>
            <translation>Seite Prüfen</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>planner</source>
            <translation>Anwender</translation>
        </message>
        <message>
            <source>default</source>
            <translation>Voreinstellung</translation>
        </message>
        <message>
            <source>estimate</source>
            <translation>Schätzung</translation>
        </message>
        <message>
            <source>{side} knee from two radiographs</source>
            <translation>Knie {side} aus zwei Röntgenaufnahmen</translation>
        </message>
        <message>
            <source>Case {case}, exported {at}</source>
            <translation>Fall {case}, exportiert {at}</translation>
        </message>
        <message>
            <source>Genu {genu}, model {model}, case {case}, {side}</source>
            <translation>Genu {genu}, Modell {model}, Fall {case}, {side}</translation>
        </message>
        <message>
            <source>Nobody had accepted this knee on the Review page when it was exported.</source>
            <translation>Niemand hatte dieses Knie auf der Seite Beurteilen angenommen, als es exportiert wurde.</translation>
        </message>
        <message>
            <source>Warnings</source>
            <translation>Warnungen</translation>
        </message>
        <message>
            <source>Films with the outlines of the generated bones</source>
            <translation>Aufnahmen mit den Umrissen der erzeugten Knochen</translation>
        </message>
        <message>
            <source>The films could not be read again.</source>
            <translation>Die Aufnahmen ließen sich nicht noch einmal lesen.</translation>
        </message>
        <message>
            <source>{view}: left out, since text is burnt into it.</source>
            <translation>{view}: weggelassen, weil Text eingebrannt ist.</translation>
        </message>
        <message>
            <source>{view}: similarity {figure} ({verdict})</source>
            <translation>{view}: Ähnlichkeit {figure} ({verdict})</translation>
        </message>
        <message>
            <source>From the front</source>
            <translation>Von vorn</translation>
        </message>
        <message>
            <source>From the lateral side</source>
            <translation>Von lateral</translation>
        </message>
        <message>
            <source>From behind</source>
            <translation>Von hinten</translation>
        </message>
        <message>
            <source>Bones</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Axial</source>
            <translation>Axial</translation>
        </message>
        <message>
            <source>Coronal</source>
            <translation>Koronal</translation>
        </message>
        <message>
            <source>Sagittal</source>
            <translation>Sagittal</translation>
        </message>
        <message>
            <source>Planes through the middle of the synthetic CT</source>
            <translation>Ebenen durch die Mitte des synthetischen CTs</translation>
        </message>
        <message>
            <source>Bone</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Width, mm</source>
            <translation>Breite, mm</translation>
        </message>
        <message>
            <source>Depth, mm</source>
            <translation>Tiefe, mm</translation>
        </message>
        <message>
            <source>Length in view, mm</source>
            <translation>Länge im Sichtfeld, mm</translation>
        </message>
        <message>
            <source>Volume, cm³</source>
            <translation>Volumen, cm³</translation>
        </message>
        <message>
            <source>Width is medial to lateral and depth front to back, along the patient's axes as the films were taken: of the femur's lowest 40 mm and the tibia's highest 15 mm. Surfaces carry no cartilage (about 2 mm). Published sizes of adults: {source}.</source>
            <translation>Breite ist medial bis lateral und Tiefe vorn bis hinten, entlang der Patientenachsen der Aufnahmen: der untersten 40 mm des Femurs und der obersten 15 mm der Tibia. Die Oberflächen tragen keinen Knorpel (etwa 2 mm). Veröffentlichte Maße Erwachsener: {source}.</translation>
        </message>
        <message>
            <source>Sizes of the bones</source>
            <translation>Maße der Knochen</translation>
        </message>
        <message>
            <source>Measurement</source>
            <translation>Messung</translation>
        </message>
        <message>
            <source>Measurements</source>
            <translation>Messungen</translation>
        </message>
        <message>
            <source>Measured on an earlier knee of this case.</source>
            <translation>An einem früheren Knie dieses Falls gemessen.</translation>
        </message>
        <message>
            <source>(left out, since the films could not be read)</source>
            <translation>(weggelassen, weil die Aufnahmen nicht lesbar waren)</translation>
        </message>
        <message>
            <source>Remark of the reviewer</source>
            <translation>Bemerkung zur Beurteilung</translation>
        </message>
        <message>
            <source>{name}, {steps} steps, {samples} sample(s)</source>
            <translation>{name}, {steps} Schritte, {samples} Stichprobe(n)</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Model SHA-256</source>
            <translation>SHA-256 des Modells</translation>
        </message>
        <message>
            <source>Sampler</source>
            <translation>Sampler</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Generated by</source>
            <translation>Erzeugt von</translation>
        </message>
        <message>
            <source>How it was made</source>
            <translation>Wie es entstand</translation>
        </message>
        <message>
            <source>{view} film SHA-256</source>
            <translation>SHA-256 der Aufnahme {view}</translation>
        </message>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Unit</source>
            <translation>Einheit</translation>
        </message>
        <message>
            <source>SHA-256</source>
            <translation>SHA-256</translation>
        </message>
        <message>
            <source>Every file was read back from the disk and is equal to the screen within float32.</source>
            <translation>Jede Datei wurde vom Datenträger zurückgelesen und gleicht dem Bildschirm auf float32.</translation>
        </message>
        <message>
            <source>Exported files</source>
            <translation>Exportierte Dateien</translation>
        </message>
        <message>
            <source>Research use only - synthetic CT</source>
            <translation>Nur für die Forschung – synthetisches CT</translation>
        </message>
        <message>
            <source>Generated from two radiographs, not a scan. Never for diagnosis, planning or treatment.</source>
            <translation>Aus zwei Röntgenaufnahmen erzeugt, kein Scan. Nie für Diagnose, Planung oder Behandlung.</translation>
        </message>
        <message>
            <source>Page {number} of {count}</source>
            <translation>Seite {number} von {count}</translation>
        </message>
    </context>
    <context>
        <name>ReviewPage</name>
        <message>
            <source>All</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Planes, films and 3-D</source>
            <translation>Ebenen, Aufnahmen und 3-D</translation>
        </message>
        <message>
            <source>Planes</source>
            <translation>Ebenen</translation>
        </message>
        <message>
            <source>Planes and 3-D</source>
            <translation>Ebenen und 3-D</translation>
        </message>
        <message>
            <source>3-D</source>
            <translation>3-D</translation>
        </message>
        <message>
            <source>3-D alone</source>
            <translation>Nur 3-D</translation>
        </message>
        <message>
            <source>Films</source>
            <translation>Aufnahmen</translation>
        </message>
        <message>
            <source>Films alone</source>
            <translation>Nur Aufnahmen</translation>
        </message>
        <message>
            <source>Review the knee</source>
            <translation>Knie beurteilen</translation>
        </message>
        <message>
            <source>Accept review</source>
            <translation>Beurteilung abschließen</translation>
        </message>
        <message>
            <source>The case is open elsewhere and can only be looked at here.</source>
            <translation>Der Fall ist anderswo offen und kann hier nur angesehen werden.</translation>
        </message>
        <message>
            <source>Generate the knee again from the films as they are now first.</source>
            <translation>Zuerst das Knie aus den Aufnahmen, wie sie jetzt sind, neu erzeugen.</translation>
        </message>
        <message>
            <source>The knee is being read.</source>
            <translation>Das Knie wird gelesen.</translation>
        </message>
        <message>
            <source>The fit to the films is being computed.</source>
            <translation>Die Übereinstimmung mit den Aufnahmen wird berechnet.</translation>
        </message>
        <message>
            <source>not known</source>
            <translation>nicht bekannt</translation>
        </message>
    </context>
    <context>
        <name>SceneCard</name>
        <message>
            <source>Names beside the bones</source>
            <translation>Namen neben den Knochen</translation>
        </message>
        <message>
            <source>Volume rendering</source>
            <translation>Volumendarstellung</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Aus</translation>
        </message>
        <message>
            <source>Bone</source>
            <translation>Knochen</translation>
        </message>
        <message>
            <source>Soft tissue</source>
            <translation>Weichteile</translation>
        </message>
        <message>
            <source>Clipping plane</source>
            <translation>Schnittebene</translation>
        </message>
        <message>
            <source>Axial</source>
            <translation>Axial</translation>
        </message>
        <message>
            <source>Coronal</source>
            <translation>Koronal</translation>
        </message>
        <message>
            <source>Sagittal</source>
            <translation>Sagittal</translation>
        </message>
        <message>
            <source>Place of the clipping plane</source>
            <translation>Lage der Schnittebene</translation>
        </message>
        <message>
            <source>Show the other side of the clipping plane</source>
            <translation>Andere Seite der Schnittebene zeigen</translation>
        </message>
        <message>
            <source>Turntable (T in the view)</source>
            <translation>Automatisch drehen (T in der Ansicht)</translation>
        </message>
        <message>
            <source>Copy a picture of the 3-D view</source>
            <translation>Bild der 3-D-Ansicht kopieren</translation>
        </message>
        <message>
            <source>Software renderer ({0}). Volumes go to the CPU's own ray caster, which is faster here.</source>
            <translation>Software-Renderer ({0}). Volumen gehen an den Raycaster der CPU, der hier schneller ist.</translation>
        </message>
        <message>
            <source>Drawn by the graphics card ({0}).</source>
            <translation>Von der Grafikkarte gezeichnet ({0}).</translation>
        </message>
        <message>
            <source>From the front (A in the view)</source>
            <translation>Von vorn (A in der Ansicht)</translation>
        </message>
        <message>
            <source>From behind (P in the view)</source>
            <translation>Von hinten (P in der Ansicht)</translation>
        </message>
        <message>
            <source>From the patient's left (L in the view)</source>
            <translation>Von der linken Seite des Patienten (L in der Ansicht)</translation>
        </message>
        <message>
            <source>From the patient's right (R in the view)</source>
            <translation>Von der rechten Seite des Patienten (R in der Ansicht)</translation>
        </message>
        <message>
            <source>From above (S in the view)</source>
            <translation>Von oben (S in der Ansicht)</translation>
        </message>
        <message>
            <source>From below (I in the view)</source>
            <translation>Von unten (I in der Ansicht)</translation>
        </message>
        <message>
            <source>3-D</source>
            <translation>3-D</translation>
        </message>
        <message>
            <source>Volume</source>
            <translation>Volumen</translation>
        </message>
        <message>
            <source>Clip</source>
            <translation>Schneiden</translation>
        </message>
    </context>
    <context>
        <name>SearchResults</name>
        <message>
            <source>Search for films</source>
            <translation>Suche nach Aufnahmen</translation>
        </message>
        <message>
            <source>Files that cannot be used</source>
            <translation>Unbrauchbare Dateien</translation>
        </message>
        <message>
            <source>Looking for films…</source>
            <translation>Aufnahmen werden gesucht …</translation>
        </message>
        <message>
            <source>Both films are here</source>
            <translation>Beide Aufnahmen sind da</translation>
        </message>
        <message>
            <source>{count} films are here: tick the two that belong together</source>
            <translation>{count} Aufnahmen sind da: die zwei ankreuzen, die zusammengehören</translation>
        </message>
        <message>
            <source>One film is here: add the other view</source>
            <translation>Eine Aufnahme ist da: die andere Projektion dazulegen</translation>
        </message>
        <message>
            <source>No knee film is here</source>
            <translation>Hier ist keine Knieaufnahme</translation>
        </message>
        <message>
            <source>Only the first {count} files were looked at.</source>
            <translation>Nur die ersten {count} Dateien wurden angesehen.</translation>
        </message>
        <message>
            <source>{count} links were not followed.</source>
            <translation>{count} Verknüpfungen wurden nicht verfolgt.</translation>
        </message>
        <message>
            <source>These folders could not be opened: {names}.</source>
            <translation>Diese Ordner ließen sich nicht öffnen: {names}.</translation>
        </message>
        <message>
            <source>Files that cannot be used: {count}</source>
            <translation>Unbrauchbare Dateien: {count}</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Ausblenden</translation>
        </message>
        <message>
            <source>Show why</source>
            <translation>Warum?</translation>
        </message>
        <message>
            <source>Show the files that cannot be used</source>
            <translation>Unbrauchbare Dateien zeigen</translation>
        </message>
    </context>
    <context>
        <name>SettingsCard</name>
        <message>
            <source>Steps</source>
            <translation>Schritte</translation>
        </message>
        <message>
            <source>Knees averaged</source>
            <translation>Gemittelte Knie</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>{voxels}³</source>
            <translation>{voxels}³</translation>
        </message>
        <message>
            <source>512³ · needs a super-resolution model</source>
            <translation>512³ · braucht ein Modell für Superauflösung</translation>
        </message>
        <message>
            <source>Resolution</source>
            <translation>Auflösung</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>GPU</source>
            <translation>GPU</translation>
        </message>
        <message>
            <source>Automatic is the GPU where there is one</source>
            <translation>Automatisch ist die GPU, wo es eine gibt</translation>
        </message>
        <message>
            <source>Knees that fit the films, averaged: smoother and slower</source>
            <translation>Knie, die zu den Aufnahmen passen, gemittelt: glatter und langsamer</translation>
        </message>
        <message>
            <source>Which of the knees that fit the films; the same seed gives the same knee</source>
            <translation>Welches der passenden Knie; derselbe Startwert gibt dasselbe Knie</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>The network once: the mean of the knees that fit the films, smooth, with the fewest errors</source>
            <translation>Das Netz einmal: das Mittel der Knie, die zu den Aufnahmen passen, glatt und mit den wenigsten Fehlern</translation>
        </message>
        <message>
            <source>The network {steps} times: one of the knees that fit the films, with a texture of its own</source>
            <translation>Das Netz {steps}-mal: eines der Knie, die zu den Aufnahmen passen, mit eigener Textur</translation>
        </message>
        <message>
            <source>Smooth</source>
            <translation>Glatt</translation>
        </message>
        <message>
            <source>Textured</source>
            <translation>Mit Textur</translation>
        </message>
        <message>
            <source>Another seed</source>
            <translation>Anderer Startwert</translation>
        </message>
        <message>
            <source>&amp;Steps</source>
            <translation>&amp;Schritte</translation>
        </message>
        <message>
            <source>&amp;Resolution</source>
            <translation>&amp;Auflösung</translation>
        </message>
        <message>
            <source>&amp;Knees averaged</source>
            <translation>Gemittelte &amp;Knie</translation>
        </message>
        <message>
            <source>S&amp;eed</source>
            <translation>Start&amp;wert</translation>
        </message>
        <message>
            <source>&amp;Device</source>
            <translation>&amp;Gerät</translation>
        </message>
    </context>
    <context>
        <name>ShortcutsDialog</name>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <source>Anywhere</source>
            <translation>Überall</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>StaleBar</name>
        <message>
            <source>Films or decisions have changed since this knee was generated. It is shown, but not up to date.</source>
            <translation>Aufnahmen oder Entscheidungen haben sich geändert, seit dieses Knie erzeugt wurde. Es wird gezeigt, ist aber nicht aktuell.</translation>
        </message>
        <message>
            <source>Generate again</source>
            <translation>Neu erzeugen</translation>
        </message>
    </context>
    <context>
        <name>Step</name>
        <message>
            <source>Import</source>
            <translation>Import</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Generate</source>
            <translation>Erzeugen</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Beurteilen</translation>
        </message>
        <message>
            <source>Plan</source>
            <translation>Planen</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
    </context>
    <context>
        <name>StepBar</name>
        <message>
            <source>Steps</source>
            <translation>Schritte</translation>
        </message>
    </context>
    <context>
        <name>StepButton</name>
        <message>
            <source>To do</source>
            <translation>Offen</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>Out of date</source>
            <translation>Veraltet</translation>
        </message>
    </context>
    <context>
        <name>TitleBar</name>
        <message>
            <source>Open case</source>
            <translation>Offener Fall</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederholen</translation>
        </message>
        <message>
            <source>Messages</source>
            <translation>Meldungen</translation>
        </message>
        <message>
            <source>Untitled case</source>
            <translation>Fall ohne Titel</translation>
        </message>
        <message>
            <source>Messages, {count} new</source>
            <translation>Meldungen, {count} neu</translation>
        </message>
    </context>
    <context>
        <name>TourPanel</name>
        <message>
            <source>Five-minute tour</source>
            <translation>Rundgang in fünf Minuten</translation>
        </message>
        <message>
            <source>Show me</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <source>Open the sample case</source>
            <translation>Beispielfall öffnen</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Close the tour</source>
            <translation>Rundgang schließen</translation>
        </message>
        <message>
            <source>{at} of {count}</source>
            <translation>{at} von {count}</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <source>From two films to a knee</source>
            <translation>Von zwei Aufnahmen zum Knie</translation>
        </message>
        <message>
            <source>Genu makes a CT-like volume and models of femur, tibia, patella and fibula from an AP and a lateral radiograph of one knee.</source>
            <translation>Genu macht aus einer AP- und einer lateralen Röntgenaufnahme eines Knies ein CT-ähnliches Volumen und Modelle von Femur, Tibia, Patella und Fibula.</translation>
        </message>
        <message>
            <source>The steps run across the top. A ring is to do, a tick is done, a triangle is out of date: something it was made from has changed since.</source>
            <translation>Die Schritte stehen oben. Ein Ring ist offen, ein Haken ist fertig, ein Dreieck ist veraltet: etwas, woraus er entstand, hat sich seitdem geändert.</translation>
        </message>
        <message>
            <source>Every accepted step is saved at once. Undo and redo go back and forth as far as you like.</source>
            <translation>Jeder angenommene Schritt wird sofort gespeichert. Rückgängig und Wiederholen gehen beliebig weit zurück und vor.</translation>
        </message>
        <message>
            <source>1  Import</source>
            <translation>1  Import</translation>
        </message>
        <message>
            <source>Drop both films, or a folder that holds them, and Genu finds the knee films in it.</source>
            <translation>Beide Aufnahmen ablegen, oder einen Ordner, der sie enthält: Genu findet die Knieaufnahmen darin.</translation>
        </message>
        <message>
            <source>No films at hand? The sample case is a simulated knee, of nobody.</source>
            <translation>Keine Aufnahmen zur Hand? Der Beispielfall ist ein simuliertes Knie, von niemandem.</translation>
        </message>
        <message>
            <source>2  Check</source>
            <translation>2  Prüfen</translation>
        </message>
        <message>
            <source>Settle which film is which, the side of the knee and the scale. Genu proposes what the files say and never guesses a side.</source>
            <translation>Klären, welche Aufnahme welche ist, die Seite des Knies und den Maßstab. Genu schlägt vor, was die Dateien sagen, und rät nie eine Seite.</translation>
        </message>
        <message>
            <source>Where the scale is missing, draw around a ball of known size or along a known length. Wrong scale or side gives a wrong knee, so nothing can be generated before they are settled.</source>
            <translation>Fehlt der Maßstab, um eine Kugel bekannter Größe oder entlang einer bekannten Strecke zeichnen. Falscher Maßstab oder falsche Seite gibt ein falsches Knie; darum lässt sich vorher nichts erzeugen.</translation>
        </message>
        <message>
            <source>3  Generate</source>
            <translation>3  Erzeugen</translation>
        </message>
        <message>
            <source>Choose a model and start. What it needs of this computer is said before.</source>
            <translation>Ein Modell wählen und starten. Was es von diesem Rechner braucht, steht vorher da.</translation>
        </message>
        <message>
            <source>The knee forms before your eyes, coarse to fine. Cancel ends it within two seconds.</source>
            <translation>Das Knie entsteht vor Ihren Augen, von grob nach fein. Abbrechen beendet es binnen zwei Sekunden.</translation>
        </message>
        <message>
            <source>4  Review</source>
            <translation>4  Beurteilen</translation>
        </message>
        <message>
            <source>Look at the planes, the bones in 3-D, and the films with the generated knee over them.</source>
            <translation>Die Ebenen ansehen, die Knochen in 3-D, und die Aufnahmen mit dem erzeugten Knie darüber.</translation>
        </message>
        <message>
            <source>The outlines on the films and the similarity of each view show how far the knee agrees with what was measured. Where they part, do not trust the knee.</source>
            <translation>Die Umrisse auf den Aufnahmen und die Ähnlichkeit jeder Projektion zeigen, wie weit das Knie mit dem Gemessenen übereinstimmt. Wo sie auseinandergehen, dem Knie nicht trauen.</translation>
        </message>
        <message>
            <source>5  Plan</source>
            <translation>5  Planen</translation>
        </message>
        <message>
            <source>Measure distances and angles, and read the dimensions of each bone.</source>
            <translation>Abstände und Winkel messen und die Maße jedes Knochens ablesen.</translation>
        </message>
        <message>
            <source>6  Export</source>
            <translation>6  Export</translation>
        </message>
        <message>
            <source>Write the bones for printing, planning or a headset. Format, frame and unit are stated.</source>
            <translation>Die Knochen für Druck, Planung oder Headset schreiben. Format, Achsen und Einheit sind angegeben.</translation>
        </message>
        <message>
            <source>Every file is read back and compared with what is on the screen.</source>
            <translation>Jede Datei wird zurückgelesen und mit dem Bildschirm verglichen.</translation>
        </message>
        <message>
            <source>For research only</source>
            <translation>Nur für die Forschung</translation>
        </message>
        <message>
            <source>What you see is synthetic: made from two films, not scanned. It can be wrong and look right.</source>
            <translation>Was Sie sehen, ist synthetisch: aus zwei Aufnahmen gemacht, nicht gescannt. Es kann falsch sein und richtig aussehen.</translation>
        </message>
        <message>
            <source>It is not a medical device: never for diagnosis, planning or treatment of a patient.</source>
            <translation>Es ist kein Medizinprodukt: nie für Diagnose, Planung oder Behandlung eines Patienten.</translation>
        </message>
        <message>
            <source>Films and cases stay on this computer.</source>
            <translation>Aufnahmen und Fälle bleiben auf diesem Rechner.</translation>
        </message>
    </context>
    <context>
        <name>Verdict</name>
        <message>
            <source>agrees</source>
            <translation>stimmt überein</translation>
        </message>
        <message>
            <source>look closely</source>
            <translation>genau hinsehen</translation>
        </message>
        <message>
            <source>does not agree</source>
            <translation>stimmt nicht überein</translation>
        </message>
    </context>
    <context>
        <name>WaitingPage</name>
        <message>
            <source>Nothing to check yet</source>
            <translation>Noch nichts zu prüfen</translation>
        </message>
        <message>
            <source>Nothing to generate from yet</source>
            <translation>Noch nichts, woraus sich erzeugen ließe</translation>
        </message>
        <message>
            <source>No knee to review yet</source>
            <translation>Noch kein Knie zu beurteilen</translation>
        </message>
        <message>
            <source>No knee to measure yet</source>
            <translation>Noch kein Knie zu vermessen</translation>
        </message>
        <message>
            <source>Nothing to export yet</source>
            <translation>Noch nichts zu exportieren</translation>
        </message>
        <message>
            <source>Import the AP and the lateral film of a knee first.</source>
            <translation>Zuerst die AP- und die laterale Aufnahme eines Knies importieren.</translation>
        </message>
        <message>
            <source>Settle side, view and scale of both films first.</source>
            <translation>Zuerst Seite, Projektion und Maßstab beider Aufnahmen klären.</translation>
        </message>
        <message>
            <source>Generate the knee from the films as they are now first.</source>
            <translation>Zuerst das Knie aus den Aufnahmen, wie sie jetzt sind, erzeugen.</translation>
        </message>
        <message>
            <source>Go to Import</source>
            <translation>Zum Import</translation>
        </message>
        <message>
            <source>Go to Check</source>
            <translation>Zum Schritt Prüfen</translation>
        </message>
        <message>
            <source>Go to Generate</source>
            <translation>Zum Schritt Erzeugen</translation>
        </message>
    </context>
    <context>
        <name>WindowDialogs</name>
        <message>
            <source>Rename case</source>
            <translation>Fall umbenennen</translation>
        </message>
        <message>
            <source>Title of the case</source>
            <translation>Titel des Falls</translation>
        </message>
    </context>
    <context>
        <name>check</name>
        <message>
            <source>AP film</source>
            <translation>AP-Aufnahme</translation>
        </message>
        <message>
            <source>Lateral film</source>
            <translation>Laterale Aufnahme</translation>
        </message>
        <message>
            <source>Right knee</source>
            <translation>Rechtes Knie</translation>
        </message>
        <message>
            <source>Left knee</source>
            <translation>Linkes Knie</translation>
        </message>
        <message>
            <source>Mediolateral: tube at the inner side</source>
            <translation>Mediolateral: Röhre an der Innenseite</translation>
        </message>
        <message>
            <source>Lateromedial: tube at the outer side</source>
            <translation>Lateromedial: Röhre an der Außenseite</translation>
        </message>
        <message>
            <source>the patient's left</source>
            <translation>links vom Patienten</translation>
        </message>
        <message>
            <source>the patient's right</source>
            <translation>rechts vom Patienten</translation>
        </message>
        <message>
            <source>the front of the knee</source>
            <translation>die Vorderseite des Knies</translation>
        </message>
        <message>
            <source>the back of the knee</source>
            <translation>die Rückseite des Knies</translation>
        </message>
        <message>
            <source>the head</source>
            <translation>der Kopf</translation>
        </message>
        <message>
            <source>the foot</source>
            <translation>der Fuß</translation>
        </message>
        <message>
            <source>Not settled yet</source>
            <translation>Noch nicht geklärt</translation>
        </message>
        <message>
            <source>From the file: {0}</source>
            <translation>Aus der Datei: {0}</translation>
        </message>
        <message>
            <source>By you: {0}</source>
            <translation>Von Ihnen: {0}</translation>
        </message>
        <message>
            <source>Genu's default: {0}</source>
            <translation>Voreinstellung von Genu: {0}</translation>
        </message>
        <message>
            <source>Estimated: {0}</source>
            <translation>Geschätzt: {0}</translation>
        </message>
        <message>
            <source>{0}: no scale yet</source>
            <translation>{0}: noch kein Maßstab</translation>
        </message>
        <message>
            <source>{0}: the distances contradict each other</source>
            <translation>{0}: die Abstände widersprechen sich</translation>
        </message>
        <message>
            <source>{0}: distances of {1} and {2} mm, by default?</source>
            <translation>{0}: Abstände von {1} und {2} mm, wie voreingestellt?</translation>
        </message>
        <message>
            <source>{0}: {1} mm wide. Is that so?</source>
            <translation>{0}: {1} mm breit. Stimmt das?</translation>
        </message>
        <message>
            <source>Which knee is it? The files do not say</source>
            <translation>Welches Knie ist es? Die Dateien sagen es nicht</translation>
        </message>
        <message>
            <source>{0} says {1}</source>
            <translation>{0} sagt {1}</translation>
        </message>
        <message>
            <source>{0} does not say</source>
            <translation>{0} sagt nichts</translation>
        </message>
        <message>
            <source>Which knee is it? {0}</source>
            <translation>Welches Knie ist es? {0}</translation>
        </message>
        <message>
            <source>Is {1} the {0} film?</source>
            <translation>Ist {1} die Aufnahme in {0}-Projektion?</translation>
        </message>
        <message>
            <source>Is {1} the {0} film? {2} suggests it</source>
            <translation>Ist {1} die Aufnahme in {0}-Projektion? {2} spricht dafür</translation>
        </message>
        <message>
            <source>{2} is {1} by its file. Swap the films, or confirm {0}</source>
            <translation>{2} ist laut Datei {1}. Aufnahmen tauschen, oder {0} bestätigen</translation>
        </message>
        <message>
            <source>{0}: the foot is not at the bottom. Turn the film</source>
            <translation>{0}: der Fuß ist nicht unten. Aufnahme drehen</translation>
        </message>
        <message>
            <source>{0}: the file's directions do not fit the view</source>
            <translation>{0}: die Richtungen der Datei passen nicht zur Projektion</translation>
        </message>
        <message>
            <source>{0}: is {1} at the right edge?</source>
            <translation>{0}: liegt {1} am rechten Rand?</translation>
        </message>
    </context>
    <context>
        <name>engine</name>
        <message>
            <source>is empty</source>
            <translation>ist leer</translation>
        </message>
        <message>
            <source>is not a file</source>
            <translation>ist keine Datei</translation>
        </message>
        <message>
            <source>is neither a DICOM file nor a picture</source>
            <translation>ist weder eine DICOM-Datei noch ein Bild</translation>
        </message>
        <message>
            <source>is not a DICOM file</source>
            <translation>ist keine DICOM-Datei</translation>
        </message>
        <message>
            <source>is a colour picture</source>
            <translation>ist ein Farbbild</translation>
        </message>
        <message>
            <source>is a film of {0}</source>
            <translation>ist eine Aufnahme von: {0}</translation>
        </message>
        <message>
            <source>is a {0} of modality {1}, not a radiograph</source>
            <translation>hat die Modalität {1} ({0}) und ist keine Röntgenaufnahme</translation>
        </message>
        <message>
            <source>holds no pixels</source>
            <translation>enthält keine Bilddaten</translation>
        </message>
        <message>
            <source>holds {0} pages</source>
            <translation>enthält {0} Seiten</translation>
        </message>
        <message>
            <source>has {0} x {1} pixels</source>
            <translation>hat {0} x {1} Pixel</translation>
        </message>
        <message>
            <source>has more than {0} MiB</source>
            <translation>hat mehr als {0} MiB</translation>
        </message>
        <message>
            <source>has no contrast: all its pixels are equal</source>
            <translation>hat keinen Kontrast: alle Pixel sind gleich</translation>
        </message>
        <message>
            <source>has transfer syntax {0}, which Genu does not decode</source>
            <translation>hat die Transfersyntax {0}, die Genu nicht dekodiert</translation>
        </message>
        <message>
            <source>has PixelSpacing alone, which may be at the detector or in the patient</source>
            <translation>hat nur PixelSpacing, das am Detektor oder im Patienten gelten kann</translation>
        </message>
        <message>
            <source>states no pixel spacing</source>
            <translation>nennt keinen Pixelabstand</translation>
        </message>
        <message>
            <source>takes too long to decode</source>
            <translation>braucht zu lange zum Dekodieren</translation>
        </message>
        <message>
            <source>was not looked at: there are more than {0} films here</source>
            <translation>wurde nicht angesehen: hier liegen mehr als {0} Aufnahmen</translation>
        </message>
        <message>
            <source>has changed since it was looked at</source>
            <translation>hat sich seit der Durchsicht geändert</translation>
        </message>
        <message>
            <source>cannot be read (permission is denied)</source>
            <translation>ist nicht lesbar (keine Berechtigung)</translation>
        </message>
        <message>
            <source>cannot be read (Permission denied)</source>
            <translation>ist nicht lesbar (keine Berechtigung)</translation>
        </message>
        <message>
            <source>cannot be read (No such file or directory)</source>
            <translation>ist nicht lesbar (nicht mehr vorhanden)</translation>
        </message>
        <message>
            <source>cannot be read ({0})</source>
            <translation>ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <source>copy or export it again</source>
            <translation>kopieren oder exportieren Sie sie erneut</translation>
        </message>
        <message>
            <source>export it again</source>
            <translation>exportieren Sie sie erneut</translation>
        </message>
        <message>
            <source>export it again, uncompressed if that is possible</source>
            <translation>exportieren Sie sie erneut, möglichst unkomprimiert</translation>
        </message>
        <message>
            <source>export it uncompressed</source>
            <translation>exportieren Sie sie unkomprimiert</translation>
        </message>
        <message>
            <source>export it without compression</source>
            <translation>exportieren Sie sie ohne Kompression</translation>
        </message>
        <message>
            <source>choose a radiograph: DICOM, PNG, TIFF or JPEG</source>
            <translation>wählen Sie eine Röntgenaufnahme: DICOM, PNG, TIFF oder JPEG</translation>
        </message>
        <message>
            <source>choose a single film</source>
            <translation>wählen Sie eine einzelne Aufnahme</translation>
        </message>
        <message>
            <source>choose the film's own file</source>
            <translation>wählen Sie die Datei der Aufnahme selbst</translation>
        </message>
        <message>
            <source>choose the two films themselves</source>
            <translation>wählen Sie die beiden Aufnahmen selbst</translation>
        </message>
        <message>
            <source>choose this file by itself if it shows a knee</source>
            <translation>wählen Sie diese Datei einzeln, falls sie ein Knie zeigt</translation>
        </message>
        <message>
            <source>give a film between {0} pixels and {1} Mpx</source>
            <translation>wählen Sie eine Aufnahme zwischen {0} Pixeln und {1} Mpx</translation>
        </message>
        <message>
            <source>give the exposed film</source>
            <translation>wählen Sie die belichtete Aufnahme</translation>
        </message>
        <message>
            <source>give the image itself, not a report or a plan</source>
            <translation>wählen Sie das Bild selbst, keinen Befund und keine Planung</translation>
        </message>
        <message>
            <source>save the film as a single page</source>
            <translation>speichern Sie die Aufnahme als einzelne Seite</translation>
        </message>
        <message>
            <source>ask its owner for permission, or copy it</source>
            <translation>bitten Sie ihren Besitzer um Zugriff, oder kopieren Sie sie</translation>
        </message>
        <message>
            <source>check its permissions</source>
            <translation>prüfen Sie ihre Zugriffsrechte</translation>
        </message>
        <message>
            <source>check where it lies</source>
            <translation>prüfen Sie, wo sie liegt</translation>
        </message>
        <message>
            <source>open it again</source>
            <translation>öffnen Sie sie erneut</translation>
        </message>
        <message>
            <source>correct it in the file</source>
            <translation>berichtigen Sie das in der Datei</translation>
        </message>
        <message>
            <source>close other programs</source>
            <translation>schließen Sie andere Programme</translation>
        </message>
        <message>
            <source>lay on its side, turned</source>
            <translation>lag auf der Seite, gedreht</translation>
        </message>
        <message>
            <source>was mirrored on the Check page</source>
            <translation>wurde auf der Seite Prüfen gespiegelt</translation>
        </message>
        <message>
            <source>was turned by {0} degrees on the Check page</source>
            <translation>wurde auf der Seite Prüfen um {0} Grad gedreht</translation>
        </message>
        <message>
            <source>was turned by {0} degrees and mirrored on the Check page</source>
            <translation>wurde auf der Seite Prüfen um {0} Grad gedreht und gespiegelt</translation>
        </message>
        <message>
            <source>magnification {0} is unusual</source>
            <translation>die Vergrößerung {0} ist ungewöhnlich</translation>
        </message>
        <message>
            <source>source-detector distance {0} mm is unusual</source>
            <translation>der Fokus-Detektor-Abstand von {0} mm ist ungewöhnlich</translation>
        </message>
        <message>
            <source>were taken on different dates</source>
            <translation>wurden an verschiedenen Tagen aufgenommen</translation>
        </message>
        <message>
            <source>write the patient's name differently under one patient ID</source>
            <translation>schreiben den Patientennamen unter einer Patienten-ID verschieden</translation>
        </message>
        <message>
            <source>chosen on the Check page</source>
            <translation>gewählt auf der Seite Prüfen</translation>
        </message>
        <message>
            <source>the clinical routine</source>
            <translation>klinische Routine</translation>
        </message>
        <message>
            <source>entered</source>
            <translation>eingegeben</translation>
        </message>
        <message>
            <source>{0} mm, not in the file</source>
            <translation>{0} mm, nicht in der Datei</translation>
        </message>
        <message>
            <source>{0}, on both films</source>
            <translation>{0}, auf beiden Aufnahmen</translation>
        </message>
        <message>
            <source>could not be written: the disk is full</source>
            <translation>konnte nicht geschrieben werden: die Festplatte ist voll</translation>
        </message>
        <message>
            <source>could not be written: the disk quota is used up</source>
            <translation>konnte nicht geschrieben werden: das Speicherkontingent ist erschöpft</translation>
        </message>
        <message>
            <source>could not be written: the disk reports an error</source>
            <translation>konnte nicht geschrieben werden: die Festplatte meldet einen Fehler</translation>
        </message>
        <message>
            <source>cannot be written: permission is denied</source>
            <translation>kann nicht geschrieben werden: keine Berechtigung</translation>
        </message>
        <message>
            <source>cannot be written: it is on a read-only file system</source>
            <translation>kann nicht geschrieben werden: das Dateisystem ist schreibgeschützt</translation>
        </message>
        <message>
            <source>make room or choose another disk</source>
            <translation>schaffen Sie Platz oder wählen Sie eine andere Festplatte</translation>
        </message>
        <message>
            <source>choose another place</source>
            <translation>wählen Sie einen anderen Ort</translation>
        </message>
        <message>
            <source>The case is open in a window</source>
            <translation>Der Fall ist in einem Fenster geöffnet</translation>
        </message>
        <message>
            <source>close it there before deleting it</source>
            <translation>schließen Sie ihn dort, bevor Sie ihn löschen</translation>
        </message>
        <message>
            <source>The case is open in another window and is read-only here</source>
            <translation>Der Fall ist in einem anderen Fenster geöffnet und hier schreibgeschützt</translation>
        </message>
        <message>
            <source>close it there first</source>
            <translation>schließen Sie ihn zuerst dort</translation>
        </message>
        <message>
            <source>The case is not there any more</source>
            <translation>Der Fall ist nicht mehr vorhanden</translation>
        </message>
        <message>
            <source>choose another from the list</source>
            <translation>wählen Sie einen anderen aus der Liste</translation>
        </message>
        <message>
            <source>The case is being tidied by another window</source>
            <translation>Der Fall wird gerade von einem anderen Fenster aufgeräumt</translation>
        </message>
        <message>
            <source>try again in a moment</source>
            <translation>versuchen Sie es gleich noch einmal</translation>
        </message>
        <message>
            <source>is not a case of Genu or is damaged</source>
            <translation>ist kein Fall von Genu oder ist beschädigt</translation>
        </message>
        <message>
            <source>is damaged ({0})</source>
            <translation>ist beschädigt ({0})</translation>
        </message>
        <message>
            <source>restore it from a copy</source>
            <translation>stellen Sie ihn aus einer Sicherung wieder her</translation>
        </message>
        <message>
            <source>was written by a newer Genu (format {0})</source>
            <translation>wurde von einem neueren Genu geschrieben (Format {0})</translation>
        </message>
        <message>
            <source>open it with that version</source>
            <translation>öffnen Sie ihn mit jener Version</translation>
        </message>
        <message>
            <source>The case folder {0} cannot be written</source>
            <translation>In den Fallordner {0} kann nicht geschrieben werden</translation>
        </message>
        <message>
            <source>The case folder {0} is on a network drive ({1}), where cases are not safe</source>
            <translation>Der Fallordner {0} liegt auf einem Netzlaufwerk ({1}), wo Fälle nicht sicher sind</translation>
        </message>
        <message>
            <source>choose another in Preferences</source>
            <translation>wählen Sie in den Einstellungen einen anderen</translation>
        </message>
        <message>
            <source>choose one on a disk of this computer in Preferences</source>
            <translation>wählen Sie in den Einstellungen einen auf einer Festplatte dieses Rechners</translation>
        </message>
        <message>
            <source>diagnosis, planning or treatment of any patient</source>
            <translation>Diagnose, Planung oder Behandlung von Patienten</translation>
        </message>
        <message>
            <source>implants, fractures, deformity, flexion beyond 25 degrees, children</source>
            <translation>Implantate, Frakturen, Deformitäten, Beugung über 25 Grad, Kinder</translation>
        </message>
        <message>
            <source>this machine is out of memory</source>
            <translation>der Arbeitsspeicher ist erschöpft</translation>
        </message>
        <message>
            <source>the films have changed since they were checked</source>
            <translation>die Aufnahmen haben sich seit der Prüfung geändert</translation>
        </message>
        <message>
            <source>check them again</source>
            <translation>prüfen Sie sie erneut</translation>
        </message>
        <message>
            <source>no {0} was predicted</source>
            <translation>ohne {0} vorhergesagt</translation>
        </message>
        <message>
            <source>generate the knee again</source>
            <translation>erzeugen Sie das Knie erneut</translation>
        </message>
        <message>
            <source>generate it again</source>
            <translation>erzeugen Sie es erneut</translation>
        </message>
        <message>
            <source>holds files already, which an export never replaces</source>
            <translation>enthält schon Dateien, die ein Export nie ersetzt</translation>
        </message>
        <message>
            <source>choose a new folder</source>
            <translation>wählen Sie einen neuen Ordner</translation>
        </message>
    </context>
    <context>
        <name>words</name>
        <message>
            <source>Today</source>
            <translation>Heute</translation>
        </message>
        <message>
            <source>d MMM yyyy</source>
            <comment>date, in Qt's letters</comment>
            <translation>d. MMM yyyy</translation>
        </message>
    </context>
</TS>
