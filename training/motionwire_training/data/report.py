"""stub"""
def write_report(out, records, dataset, listed): pass
