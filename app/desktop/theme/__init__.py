"""How the desktop looks: one table of colours, one style sheet, own icons, own type."""
