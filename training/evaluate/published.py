"""Figures that others published: other knees, other films, other definitions, and so in a table of their own."""

from __future__ import annotations

PUBLISHED = (
    {
        "system": "Khosravi et al. (Mayo Clinic), modular diffusion model, knee",
        "result": "bone overlap 84 % on 10 cases after registration; FID 32.8 on 1,000 images",
        "why_not_comparable": "overlap not said to be Dice or IoU; other cases and another extractor",
    },
    {
        "system": "SSR-KD (npj Digit Med 2026), knee",
        "result": "Dice .909: femur .961, tibia .960, patella .875, fibula .841; ASSD 0.94 mm",
        "why_not_comparable": "simulated views of other knees",
    },
    {
        "system": "Kasten et al. 2020, knee",
        "result": "Dice femur .943, tibia .945, patella .894, fibula .848; 28 real pairs projected .906",
        "why_not_comparable": "other knees; the real pairs were scored in the films, not in space",
    },
    {
        "system": "RSIP XPlan.ai, knee before surgery",
        "result": "RMSE femur 0.93 mm, tibia 0.88 mm",
        "why_not_comparable": "other knees; root mean square instead of mean distance",
    },
    {
        "system": "xrayto3D-benchmark (AttentionUnet), femur",
        "result": "Dice .937; .95 points lost at 5° of view error",
        "why_not_comparable": "femora alone, simulated views; its distances are in voxels",
    },
)
