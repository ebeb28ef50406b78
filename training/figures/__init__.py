"""The figure reader's training: drawn lines of figures in many fonts and damages, a small CTC network, its export."""
