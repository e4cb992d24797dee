using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Motionwire.Editor")]
[assembly: InternalsVisibleTo("Motionwire.Tests.Editor")]
[assembly: InternalsVisibleTo("Motionwire.Tests.Runtime")]
